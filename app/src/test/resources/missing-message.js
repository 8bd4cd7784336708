// What the page's connection makes of messages: whole, changes, changes of which one is missing, whole again.
(async () => {
  const sockets = [];
  window.WebSocket = class {
    constructor() {
      sockets.push(this);
    }
    close() {}
  };
  const { Live } = await import("/live.js");
  const live = new Live("wiki", () => {});
  const say = (message) => sockets[sockets.length - 1].onmessage({ data: message });
  say('{"type": "full", "seq": 3, "counts": {"a": {"x": 1, "y": 2}}}');
  say('{"type": "changes", "seq": 4, "counts": {"a": {"x": 5, "__proto__": 7}}}');
  const merged = live.totals.counts.a;
  const upBefore = live.state.up;
  say('{"type": "changes", "seq": 6, "counts": {"a": {"x": 9}}}');
  const upAfter = live.state.up;
  const kept = live.totals.counts.a;
  live.now();
  say('{"type": "full", "seq": 1, "counts": {"a": {"x": 1}}}');
  return { merged, upBefore, upAfter, kept, whole: live.totals.counts.a };
})();

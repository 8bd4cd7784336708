// Before anything is drawn: the colours that the reader chose here before, else the system's.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("tidemark-theme");
  } catch {
    // A browser that keeps nothing shows the system's colours.
  }
  if (chosen === "light" || chosen === "dark") {
    document.documentElement.dataset.theme = chosen;
  }
})();

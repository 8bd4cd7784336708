package io.tidemark.app.browser;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

/** One page in the browser, and what it has asked for and complained of. Used by one thread. */
public final class Tab {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final DevTools tools;
    private final String session;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    Tab(DevTools tools) {
        this.tools = tools;
        String target = tools.send(null, "Target.createTarget", Map.of("url", "about:blank"))
                .path("targetId")
                .asText();
        session = tools.send(null, "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .path("sessionId")
                .asText();
        tools.listen(session, this::heard);
        for (String domain : List.of("Runtime", "Log", "Network", "Page", "Audits")) {
            send(domain + ".enable", Map.of());
        }
    }

    private void heard(String event, JsonNode parameters) {
        switch (event) {
            case "Network.requestWillBeSent" ->
                requests.add(parameters.path("request").path("url").asText());
            case "Network.webSocketCreated" ->
                requests.add(parameters.path("url").asText());
            case "Runtime.exceptionThrown" -> complaints.add("exception: " + parameters.path("exceptionDetails"));
            case "Log.entryAdded" -> {
                JsonNode entry = parameters.path("entry");
                if (entry.path("level").asText().equals("error")) {
                    complaints.add(entry.path("source").asText() + ": "
                            + entry.path("text").asText() + " "
                            + entry.path("url").asText());
                }
            }
            case "Runtime.consoleAPICalled" -> {
                if (Set.of("error", "assert", "warning")
                        .contains(parameters.path("type").asText())) {
                    complaints.add("console: " + parameters.path("args"));
                }
            }
            case "Audits.issueAdded" -> {
                if (parameters.path("issue").path("code").asText().equals("ContentSecurityPolicyIssue")) {
                    complaints.add("content security policy: " + parameters.path("issue"));
                }
            }
            default -> {}
        }
    }

    /** Size of the window in CSS pixels, and the colours that the system asks for ({@code light}, {@code dark}). */
    public void look(int width, int height, String colours) {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        send(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colours))));
    }

    /** Runs a script in each page from now on, before the page's own. */
    public void before(String script) {
        send("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    }

    public void go(String url) {
        send("Page.navigate", Map.of("url", url));
    }

    /** The value of an expression in the page; promises are waited for. */
    public JsonNode value(String expression) {
        JsonNode answer =
                send("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + answer.get("exceptionDetails"));
        }
        return answer.path("result").path("value");
    }

    public String text(String selector) {
        return value("document.querySelector(" + quoted(selector) + ")?.textContent ?? ''")
                .asText();
    }

    /** Waits until an expression is true in the page. */
    public void await(String expression) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        // A page that is just being loaded has not got everything yet.
        String tried = "(() => { try { return Boolean(" + expression + "); } catch { return false; } })()";
        while (!value(tried).asBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("not within " + PATIENCE + ": " + expression + "\nThe page says:\n"
                        + value("document.body.innerText").asText() + "\n" + complaints);
            }
            pause();
        }
    }

    public void click(String selector) {
        value("document.querySelector(" + quoted(selector) + ").click()");
    }

    /** A key as the keyboard gives it: {@code Tab}, {@code ArrowLeft}. */
    public void press(String key, int code) {
        Map<String, Object> down =
                new HashMap<>(Map.of("type", "keyDown", "key", key, "code", key, "windowsVirtualKeyCode", code));
        send("Input.dispatchKeyEvent", down);
        down.put("type", "keyUp");
        send("Input.dispatchKeyEvent", down);
    }

    /** All of the page as a PNG. */
    public void picture(Path file) throws IOException {
        JsonNode taken = send("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
        Files.write(file, Base64.getDecoder().decode(taken.path("data").asText()));
    }

    /** Hosts and ports that anything was asked from. */
    public Set<String> hosts() {
        Set<String> hosts = new TreeSet<>();
        requests.stream()
                .filter(url -> !url.equals("about:blank") && !url.startsWith("data:"))
                .forEach(url -> {
                    String host = URI.create(url).getAuthority();
                    hosts.add(host == null ? url : host);
                });
        return hosts;
    }

    /** Every address that was asked for, in the order of asking. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Errors of the page's code, its console and its security policy; those of the network too. */
    public List<String> complaints() {
        return new ArrayList<>(complaints);
    }

    /** A text as JavaScript writes it. */
    public static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars()
                .forEach(c -> quoted.append(
                        c < 0x20 || c > 0x7e || c == '"' || c == '\\'
                                ? String.format(java.util.Locale.ROOT, "\\u%04x", c)
                                : String.valueOf((char) c)));
        return quoted.append('"').toString();
    }

    private JsonNode send(String method, Map<String, Object> parameters) {
        return tools.send(session, method, parameters);
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a page was watched", e);
        }
    }
}

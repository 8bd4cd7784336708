// The button for light and dark.

import { byId, setText } from "./dom.js";

const NEXT = { auto: "light", light: "dark", dark: "auto" };
const WORDS = { auto: "as the system", light: "light", dark: "dark" };

export function offerThemes() {
  show(document.documentElement.dataset.theme ?? "auto");
  byId("theme").addEventListener("click", () => {
    const theme = NEXT[document.documentElement.dataset.theme ?? "auto"];
    if (theme === "auto") {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = theme;
    }
    try {
      localStorage.setItem("tidemark-theme", theme);
    } catch {
      // Then the choice lasts as long as the page.
    }
    show(theme);
  });
}

function show(theme) {
  byId("theme").setAttribute("aria-label", `Colours: ${WORDS[theme]}`);
  byId("theme").title = `Colours: ${WORDS[theme]}`;
  setText(byId("theme-text"), { auto: "Auto", light: "Light", dark: "Dark" }[theme]);
}

/** Puts theme, text size and motion on the root element, where the tokens read them, and follows the system. */
export type Look = {
  theme: "system" | "light" | "dark" | "contrast";
  textSize: number;
  reduceMotion: boolean;
};

class Looks {
  #look: Look = { theme: "system", textSize: 100, reduceMotion: false };
  #watching = false;

  wear(look: Look): void {
    this.#look = look;
    this.#watch();
    this.#apply();
  }

  #apply(): void {
    const root = document.documentElement;
    const { theme, textSize, reduceMotion } = this.#look;
    root.dataset["theme"] = theme === "system" ? systemTheme() : theme;
    root.dataset["motion"] = reduceMotion || prefers("(prefers-reduced-motion: reduce)") ? "reduced" : "full";
    root.style.fontSize = `${String(textSize)}%`;
  }

  #watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    for (const query of [
      "(prefers-color-scheme: dark)",
      "(prefers-contrast: more)",
      "(prefers-reduced-motion: reduce)",
    ]) {
      matchMedia(query).addEventListener("change", () => this.#apply());
    }
  }
}

function prefers(query: string): boolean {
  return matchMedia(query).matches;
}

function systemTheme(): "light" | "dark" | "contrast" {
  if (prefers("(prefers-contrast: more)")) return "contrast";
  return prefers("(prefers-color-scheme: dark)") ? "dark" : "light";
}

export const look = new Looks();

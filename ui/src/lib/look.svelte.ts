/** Puts theme, text size, motion and room on the root element, where styles read them, and follows the system. */
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
    root.dataset["room"] = room();
  }

  #watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    addEventListener("resize", () => (document.documentElement.dataset["room"] = room()));
    for (const query of [
      "(prefers-color-scheme: dark)",
      "(prefers-contrast: more)",
      "(prefers-reduced-motion: reduce)",
    ]) {
      matchMedia(query).addEventListener("change", () => this.#apply());
    }
  }
}

/**
 * How many panes find room. Measured in the size of the text, so that large text in a wide window is like small text in
 * a narrow one; a media query knows nothing of the size that is set here.
 */
function room(): "one" | "two" | "three" {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  const width = innerWidth / rem;
  if (width < 45) return "one";
  return width < 68 ? "two" : "three";
}

function prefers(query: string): boolean {
  return matchMedia(query).matches;
}

function systemTheme(): "light" | "dark" | "contrast" {
  if (prefers("(prefers-contrast: more)")) return "contrast";
  return prefers("(prefers-color-scheme: dark)") ? "dark" : "light";
}

export const look = new Looks();

/** How a screen can look: colours, language, width and size of text. */
export type Look = { theme: string; language: string; width: number; size: number };

export const themes = ["light", "dark", "contrast"];
export const languages = ["en", "ru", "uk", "de", "ar"];

export const tall = (width: number) => (width < 500 ? 720 : 780);

export function nameOf(screen: string, { theme, language, width, size }: Look): string {
  return `${screen}-${theme}-${language}-${String(width)}${size === 100 ? "" : `-${String(size)}`}`;
}

const wide = (language: string): Look[] =>
  themes.map((theme) => ({ theme, language, width: 1200, size: 100 }));
const light = (language: string, width: number, size: number): Look => ({
  theme: "light",
  language,
  width,
  size,
});

/** One width after the other, so that a window is resized seldom. */
export function looks(onlyWide: boolean): Look[] {
  const all = languages.flatMap(wide);
  if (onlyWide) return all;
  return [
    ...all,
    light("de", 820, 100),
    ...["en", "ru"].map((language) => light(language, 1200, 200)),
    ...languages.map((language) => light(language, 360, 100)),
    { theme: "dark", language: "ru", width: 360, size: 100 },
    light("ru", 360, 200),
  ];
}

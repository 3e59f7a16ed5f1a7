/**
 * All words on the screen. A message is asked for by its id, drawn when it is asked for, and drawn again when the
 * language changes, because the bundle is state. That every language has every id is held by i18n.test.ts, so there is
 * no falling back.
 */
import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";
import type { MessageId } from "./ids.gen";

export type { MessageId } from "./ids.gen";
export type Args = Record<string, FluentVariable>;

const sources = {
  en: () => import("./locales/en"),
  ru: () => import("./locales/ru"),
  uk: () => import("./locales/uk"),
  de: () => import("./locales/de"),
  ar: () => import("./locales/ar"),
};

export type Language = keyof typeof sources;

/** In the order in which they are offered, each called by its own name. */
export const languages: { code: Language; name: string }[] = [
  { code: "en", name: "English" },
  { code: "ru", name: "Русский" },
  { code: "uk", name: "Українська" },
  { code: "de", name: "Deutsch" },
  { code: "ar", name: "العربية" },
];

class I18n {
  language = $state<Language>("en");
  direction = $derived<"ltr" | "rtl">(this.language === "ar" ? "rtl" : "ltr");
  bundle = $state.raw(new FluentBundle("en"));

  /** "system" is the first language of the system that we speak. */
  async use(wanted: Language | "system"): Promise<void> {
    const language = wanted === "system" ? ofTheSystem(navigator.languages) : wanted;
    const { default: source } = await sources[language]();
    this.bundle = bundleOf(language, source);
    this.language = language;
    document.documentElement.lang = language;
    document.documentElement.dir = this.direction;
  }
}

export const i18n = new I18n();

/** The words for `id`. Variables are isolated, so that a name in Hebrew does not turn an English sentence around. */
export function t(id: MessageId, args?: Args): string {
  const pattern = i18n.bundle.getMessage(id)?.value;
  return pattern ? i18n.bundle.formatPattern(pattern, args ?? null) : id;
}

export function bundleOf(language: Language, source: string): FluentBundle {
  const bundle = new FluentBundle(language);
  bundle.addResource(new FluentResource(source));
  return bundle;
}

export function ofTheSystem(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const base = tag.toLowerCase().split("-")[0];
    const found = languages.find((language) => language.code === base);
    if (found) return found.code;
  }
  return "en";
}

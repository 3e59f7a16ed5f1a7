/** Every setting, with the words by which it is found. */
import type { MessageId } from "$lib/i18n";

const rows = {
  language: { section: "look", words: ["settings-language"] },
  theme: {
    section: "look",
    words: ["settings-theme", "settings-theme-light", "settings-theme-dark", "settings-theme-contrast"],
  },
  textSize: { section: "look", words: ["settings-text-size"] },
  motion: { section: "look", words: ["settings-reduce-motion", "settings-reduce-motion-hint"] },
  blur: { section: "safety", words: ["settings-blur", "settings-blur-hint"] },
  lockAfter: { section: "safety", words: ["settings-lock-after"] },
  lockSuspend: { section: "safety", words: ["settings-lock-suspend"] },
  notifications: { section: "safety", words: ["settings-notifications", "settings-notifications-hint"] },
  erase: { section: "safety", words: ["settings-erase", "settings-erase-hint"] },
  exit: { section: "safety", words: ["settings-exit-hint"] },
  online: { section: "network", words: ["settings-online", "settings-online-hint"] },
  ports: { section: "network", words: ["settings-ports", "settings-ports-hint"] },
  about: {
    section: "about",
    words: ["settings-about", "settings-sandbox-on", "settings-swap-on", "settings-folder", "settings-audit"],
  },
  limits: { section: "about", words: ["settings-limits", "settings-limits-yes", "settings-limits-no"] },
} as const satisfies Record<string, { section: string; words: MessageId[] }>;

export type RowId = keyof typeof rows;
export type SectionId = (typeof rows)[RowId]["section"];

export const rowIds = Object.keys(rows) as RowId[];

export function sectionOf(row: RowId): SectionId {
  return rows[row].section;
}

/** A section's own name finds all that is in it. */
export function wordsOf(row: RowId): MessageId[] {
  const { section, words } = rows[row];
  return [...words, titles[section]];
}

export const titles: Record<SectionId, MessageId> = {
  look: "settings-look",
  safety: "settings-safety",
  network: "settings-network",
  about: "settings-about",
};

/**
 * The keyboard map. Keys are matched by where they are, not by what they write, so that Ctrl+K works on a Russian
 * keyboard as well. The sheet of shortcuts is drawn from this table, so that it cannot promise what does not work.
 */
import { t, type MessageId } from "$lib/i18n";

export type Action =
  | "create"
  | "switch"
  | "previous"
  | "next"
  | "previousUnread"
  | "nextUnread"
  | "find"
  | "findEverywhere"
  | "newest"
  | "region"
  | "composer"
  | "details"
  | "settings"
  | "shortcuts"
  | "lock"
  | "erase"
  | "quit";

type Chord = { code: string; ctrl?: true; shift?: true; alt?: true };
type Shortcut = { action: Action; chords: Chord[]; words: MessageId; group: "everywhere" | "conversation" };

export const shortcuts: Shortcut[] = [
  { action: "create", chords: [{ code: "KeyN", ctrl: true }], words: "keys-create", group: "everywhere" },
  { action: "switch", chords: [{ code: "KeyK", ctrl: true }], words: "keys-switch", group: "everywhere" },
  {
    action: "previous",
    chords: [{ code: "ArrowUp", alt: true }],
    words: "keys-previous",
    group: "everywhere",
  },
  { action: "next", chords: [{ code: "ArrowDown", alt: true }], words: "keys-next", group: "everywhere" },
  {
    action: "previousUnread",
    chords: [{ code: "ArrowUp", alt: true, shift: true }],
    words: "keys-previous-unread",
    group: "everywhere",
  },
  {
    action: "nextUnread",
    chords: [{ code: "ArrowDown", alt: true, shift: true }],
    words: "keys-next-unread",
    group: "everywhere",
  },
  {
    action: "findEverywhere",
    chords: [{ code: "KeyF", ctrl: true, shift: true }],
    words: "keys-find-everywhere",
    group: "everywhere",
  },
  {
    action: "region",
    chords: [{ code: "F6" }, { code: "KeyT", ctrl: true }],
    words: "keys-region",
    group: "everywhere",
  },
  {
    action: "settings",
    chords: [{ code: "Comma", ctrl: true }],
    words: "keys-settings",
    group: "everywhere",
  },
  {
    action: "shortcuts",
    chords: [{ code: "Slash", ctrl: true }],
    words: "keys-shortcuts",
    group: "everywhere",
  },
  { action: "lock", chords: [{ code: "KeyL", ctrl: true }], words: "keys-lock", group: "everywhere" },
  { action: "quit", chords: [{ code: "KeyQ", ctrl: true }], words: "keys-quit", group: "everywhere" },
  {
    action: "erase",
    chords: [{ code: "Delete", ctrl: true, shift: true }],
    words: "keys-erase",
    group: "everywhere",
  },
  { action: "find", chords: [{ code: "KeyF", ctrl: true }], words: "keys-find", group: "conversation" },
  { action: "newest", chords: [{ code: "KeyJ", ctrl: true }], words: "keys-newest", group: "conversation" },
  {
    action: "composer",
    chords: [{ code: "KeyT", ctrl: true, shift: true }],
    words: "keys-composer",
    group: "conversation",
  },
  { action: "details", chords: [{ code: "KeyD", ctrl: true }], words: "keys-details", group: "conversation" },
];

/** What is not a shortcut of the window but of the place that has the focus, for the sheet only. */
export const placeKeys: { chords: Chord[]; words: MessageId }[] = [
  { chords: [{ code: "ArrowUp" }, { code: "ArrowDown" }], words: "keys-messages" },
  { chords: [{ code: "Enter" }], words: "keys-open" },
  { chords: [{ code: "F10", shift: true }], words: "keys-menu" },
  { chords: [{ code: "KeyR", ctrl: true, shift: true }], words: "keys-reply" },
  { chords: [{ code: "KeyE", ctrl: true, shift: true }], words: "keys-react" },
  { chords: [{ code: "Enter", shift: true }], words: "keys-newline" },
];

/** Ctrl+1 to Ctrl+9: the position in the list, from 0. */
export function positionOf(event: KeyboardEvent): number | undefined {
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  if (!digit || !control(event) || event.altKey || event.shiftKey) return undefined;
  return Number(digit) - 1;
}

export function actionOf(event: KeyboardEvent): Action | undefined {
  return shortcuts.find(({ chords }) => chords.some((chord) => pressed(chord, event)))?.action;
}

export function pressed(chord: Chord, event: KeyboardEvent): boolean {
  return (
    codeOf(event) === chord.code &&
    control(event) === (chord.ctrl ?? false) &&
    event.shiftKey === (chord.shift ?? false) &&
    event.altKey === (chord.alt ?? false)
  );
}

/** The Delete of the number block is a Delete too. */
function codeOf(event: KeyboardEvent): string {
  return event.code === "NumpadDecimal" && event.key === "Delete" ? "Delete" : event.code;
}

function control(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey;
}

/** Where a key leads in a list of messages, from position `at`; undefined if it is not for moving. */
export function stepIn(count: number, at: number, event: KeyboardEvent): number | undefined {
  if (event.altKey || event.ctrlKey || event.metaKey) return undefined;
  const page = 8;
  const to: Record<string, number> = {
    ArrowUp: at - 1,
    ArrowDown: at + 1,
    PageUp: at - page,
    PageDown: at + page,
    Home: 0,
    End: count - 1,
  };
  const wanted = to[event.key];
  return wanted === undefined ? undefined : Math.max(0, Math.min(wanted, count - 1));
}

const signs: Record<string, string> = { ArrowUp: "↑", ArrowDown: "↓", Comma: ",", Slash: "/" };

/** The keys of a chord as they are written on them. */
export function caps(chord: Chord): string[] {
  const held = [
    chord.ctrl ? t("key-ctrl") : "",
    chord.alt ? t("key-alt") : "",
    chord.shift ? t("key-shift") : "",
  ];
  return [...held.filter(Boolean), capOf(chord.code)];
}

function capOf(code: string): string {
  if (code === "Delete") return t("key-delete");
  if (code === "Enter") return t("key-enter");
  return signs[code] ?? code.replace(/^Key|^Digit/, "");
}

export function sayChord(chord: Chord): string {
  return caps(chord).join("+");
}

/** Whether a key was pressed so often, so fast, that somebody wants to be gone. Nothing is erased by that. */
const spans = { escape: { presses: 3, ms: 1_200 }, quit: { presses: 2, ms: 2_000 } };

export class ExitKeys {
  #pressed: Record<keyof typeof spans, number[]> = { escape: [], quit: [] };

  /** How often this key was pressed just now, and whether that is enough. A key that stays down counts once. */
  press(event: KeyboardEvent): { exit: boolean; again: boolean } {
    const key = which(event);
    if (!key || event.repeat) return { exit: false, again: false };
    const { presses, ms } = spans[key];
    const recent = [...this.#pressed[key].filter((time) => event.timeStamp - time < ms), event.timeStamp];
    this.#pressed[key] = recent;
    return { exit: recent.length >= presses, again: key === "quit" && recent.length < presses };
  }
}

/** By where the key is, so that it works on any keyboard; or by what it writes, for keyboards of another order. */
function which(event: KeyboardEvent): keyof typeof spans | null {
  if (event.key === "Escape") return "escape";
  const control = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  return control && (event.code === "KeyQ" || event.key.toLowerCase() === "q") ? "quit" : null;
}

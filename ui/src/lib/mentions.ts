/** `@Name` in a text: finding it while it is written, and drawing it where it is exactly a member's name. */

export type Part = { text: string; mention: boolean; self: boolean };
type Named = { name: string; isSelf: boolean };

/** Cuts a text at the mentions in it. A longer name wins over a shorter one that it begins with. */
export function partsOf(text: string, members: readonly Named[]): Part[] {
  const names = [...members].sort((a, b) => b.name.length - a.name.length);
  const parts: Part[] = [];
  let from = 0;
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    const found = at > 0 && isWord(text[at - 1]) ? undefined : memberAt(text, at + 1, names);
    if (!found) continue;
    if (at > from) parts.push({ text: text.slice(from, at), mention: false, self: false });
    from = at + 1 + found.name.length;
    parts.push({ text: text.slice(at, from), mention: true, self: found.isSelf });
    at = from - 1;
  }
  if (from < text.length) parts.push({ text: text.slice(from), mention: false, self: false });
  return parts;
}

function memberAt(text: string, at: number, names: readonly Named[]): Named | undefined {
  return names.find(({ name }) => name && text.startsWith(name, at) && !isWord(text[at + name.length]));
}

function isWord(char: string | undefined): boolean {
  return char !== undefined && /[\p{L}\p{N}_]/u.test(char);
}

/** What is being written after an @ that the caret follows, or undefined. */
export function wantedAt(text: string, caret: number): { from: number; wanted: string } | undefined {
  const at = text.lastIndexOf("@", caret - 1);
  if (at === -1 || isWord(text[at - 1])) return undefined;
  const wanted = text.slice(at + 1, caret);
  return /[\n@]/.test(wanted) || wanted.length > 40 ? undefined : { from: at, wanted };
}

/** The members whose name, or a word of it, begins like that. */
export function offer<T extends Named>(members: readonly T[], wanted: string): T[] {
  const start = wanted.toLocaleLowerCase();
  return members.filter(({ name, isSelf }) => {
    const lower = name.toLocaleLowerCase();
    return (
      !isSelf && (lower.startsWith(start) || lower.split(" ").some((word) => start && word.startsWith(start)))
    );
  });
}

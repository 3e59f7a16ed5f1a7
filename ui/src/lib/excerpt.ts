/** A piece of a text around what was searched for, cut into parts that match and parts that do not. */
export type Part = { text: string; hit: boolean };

const before = 40;
const max = 200;

export function excerpt(text: string, wanted: string): Part[] {
  const needle = wanted.trim().toLocaleLowerCase();
  const flat = text.replace(/\s+/gu, " ");
  const first = needle ? flat.toLocaleLowerCase().indexOf(needle) : -1;
  const from = first > before ? first - before : 0;
  const piece = `${from > 0 ? "…" : ""}${flat.slice(from, from + max)}`;
  if (first === -1) return [{ text: piece, hit: false }];
  const lower = piece.toLocaleLowerCase();
  // A few letters change their length with their case; then nothing is marked rather than the wrong thing.
  if (lower.length !== piece.length) return [{ text: piece, hit: false }];
  const parts: Part[] = [];
  let at = 0;
  for (let hit = lower.indexOf(needle); hit !== -1; hit = lower.indexOf(needle, at)) {
    if (hit > at) parts.push({ text: piece.slice(at, hit), hit: false });
    at = hit + needle.length;
    parts.push({ text: piece.slice(hit, at), hit: true });
  }
  if (at < piece.length) parts.push({ text: piece.slice(at), hit: false });
  return parts;
}

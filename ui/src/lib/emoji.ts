/** The text if it is one emoji and nothing else, otherwise an empty string. */
export function oneEmoji(text: string): string {
  const trimmed = text.trim();
  const graphemes = [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(trimmed)];
  const isEmoji = /\p{Extended_Pictographic}|\p{Regional_Indicator}|[0-9#*]\uFE0F?\u20E3/u.test(trimmed);
  return graphemes.length === 1 && isEmoji ? trimmed : "";
}

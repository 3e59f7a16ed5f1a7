/** Whether a text is so long that it is shown folded: more than about twelve lines of a bubble. */
const linesMax = 12;
const lineLength = 64;

export function isLong(text: string): boolean {
  const lines = text
    .split("\n")
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / lineLength)), 0);
  // Two more lines are not worth a button.
  return lines > linesMax + 2;
}

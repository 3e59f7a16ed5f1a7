/**
 * The honest limits, from docs/THREAT_MODEL.md, so that the program never says more than the project does. A pure
 * parser of the two tables and of the paragraphs that stand after the first one.
 *
 * A translation holds word for word what it translates, each line after a `>`. What is not translated, or was changed
 * since, is shown in English, so that no language says what the project does not say any more.
 */
export type Span = { text: string; strong: boolean };
export type Limit = { topic: string; yes: Span[]; no: Span[]; english: boolean };
export type Paragraph = { spans: Span[]; english: boolean };
export type Claim = { id: string; text: string };
export type Claims = { limits: Limit[]; also: Paragraph[]; groups: { name: string; claims: Claim[] }[] };

export function parseClaims(markdown: string, translation = ""): Claims {
  const protectedOrNot = section(markdown, "What is protected, and what is not");
  const register = section(markdown, "Claims register");
  const translated = translationsIn(translation);
  const groups = new Map<string, Claim[]>();
  for (const [id = "", text = ""] of rows(register).map(cells)) {
    const name = id.split("-")[0]?.toLowerCase() ?? "";
    groups.set(name, [...(groups.get(name) ?? []), { id, text: plain(text) }]);
  }
  return {
    limits: rows(protectedOrNot).map((row) => {
      const other = translated.get(row);
      const [topic = "", yes = "", no = ""] = cells(other ?? row);
      return { topic: plain(topic), yes: spans(yes), no: spans(no), english: other === undefined };
    }),
    also: paragraphs(protectedOrNot).map((paragraph) => {
      const other = translated.get(paragraph);
      return { spans: spans(other ?? paragraph), english: other === undefined };
    }),
    groups: [...groups].map(([name, claims]) => ({ name, claims })),
  };
}

/** What follows a paragraph that begins with `>` is its translation. */
function translationsIn(markdown: string): Map<string, string> {
  const found = new Map<string, string>();
  let original: string | undefined;
  for (const block of markdown.split(/\n{2,}/).map((each) => each.replaceAll("\n", " ").trim())) {
    if (block.startsWith("> ")) original = block.slice(2);
    else if (original !== undefined) {
      found.set(original, block);
      original = undefined;
    }
  }
  return found;
}

/** The lines between one `## heading` and the next. */
function section(markdown: string, heading: string): string[] {
  const lines = markdown.split("\n");
  const start = lines.indexOf(`## ${heading}`);
  if (start < 0) throw new Error(`docs/THREAT_MODEL.md has no section "${heading}"`);
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith("## "));
  return end < 0 ? rest : rest.slice(0, end);
}

/** The rows of a table, without its head. */
function rows(lines: string[]): string[] {
  return lines
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) => line.trim());
}

function cells(row: string): string[] {
  return row
    .slice(1, row.lastIndexOf("|"))
    .split("|")
    .map((cell) => cell.trim());
}

function paragraphs(lines: string[]): string[] {
  return lines
    .filter((line) => !line.startsWith("|"))
    .join("\n")
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.replaceAll("\n", " ").trim())
    .filter(Boolean);
}

function plain(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/\*\*|`/g, "");
}

/** What stands between two `**` is strong. */
function spans(markdown: string): Span[] {
  return markdown
    .split("**")
    .map((text, at) => ({ text: plain(text), strong: at % 2 === 1 }))
    .filter(({ text }) => text !== "");
}

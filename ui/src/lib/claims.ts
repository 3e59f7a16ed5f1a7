/**
 * The honest limits, from docs/THREAT_MODEL.md, so that the program never says more than the project does. A pure
 * parser of the two tables and of the paragraphs that stand after the first one.
 */
export type Span = { text: string; strong: boolean };
export type Limit = { topic: string; yes: Span[]; no: Span[] };
export type Claim = { id: string; text: string };
export type Claims = { limits: Limit[]; also: Span[][]; groups: { name: string; claims: Claim[] }[] };

export function parseClaims(markdown: string): Claims {
  const protectedOrNot = section(markdown, "What is protected, and what is not");
  const register = section(markdown, "Claims register");
  const groups = new Map<string, Claim[]>();
  for (const [id = "", text = ""] of rows(register)) {
    const name = id.split("-")[0]?.toLowerCase() ?? "";
    groups.set(name, [...(groups.get(name) ?? []), { id, text: plain(text) }]);
  }
  return {
    limits: rows(protectedOrNot).map(([topic = "", yes = "", no = ""]) => ({
      topic: plain(topic),
      yes: spans(yes),
      no: spans(no),
    })),
    also: paragraphs(protectedOrNot).map(spans),
    groups: [...groups].map(([name, claims]) => ({ name, claims })),
  };
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

/** The cells of a table, without its head. */
function rows(lines: string[]): string[][] {
  return lines
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) =>
      line
        .slice(1, line.lastIndexOf("|"))
        .split("|")
        .map((cell) => cell.trim()),
    );
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

// Writes the ids of all Fluent messages as a TypeScript type, from the English files.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const here = (path) => new URL(`../${path}`, import.meta.url);
const ids = readdirSync(here("locales/en"))
  .filter((name) => name.endsWith(".ftl"))
  .flatMap((name) => readFileSync(here(`locales/en/${name}`), "utf8").match(/^[a-z][\w-]*(?= *=)/gm) ?? [])
  .sort();
const text = `// Written by scripts/ids.mjs from locales/en; not kept in git.\nexport type MessageId =\n${ids
  .map((id) => `  | "${id}"`)
  .join("\n")};\n`;
const file = here("src/lib/i18n/ids.gen.ts");
let old = "";
try {
  old = readFileSync(file, "utf8");
} catch {
  // There is none yet.
}
if (old !== text) writeFileSync(file, text);

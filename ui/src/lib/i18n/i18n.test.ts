import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bundleOf, languages, ofTheSystem } from "./i18n.svelte";

const folder = "locales";

/** Message → { its variables, per plural selector the categories it has }. */
function anatomy(source: string): Map<string, { variables: string[]; selectors: string[][] }> {
  const found = new Map<string, { variables: string[]; selectors: string[][] }>();
  for (const [, id, body] of source.matchAll(/^([a-z][\w-]*) *=((?:.*\n?)(?:[ \t]+.*\n?|\n(?=[ \t]))*)/gm)) {
    const variables = [
      ...new Set([...(body ?? "").matchAll(/\$([a-zA-Z]+)/g)].map((match) => match[1] ?? "")),
    ].sort();
    const selectors = [...(body ?? "").matchAll(/\{ *\$\w+ *->((?:\s*\*?\[\w+\][^[]*)+)/g)].map((match) =>
      [...(match[1] ?? "").matchAll(/\[(\w+)\]/g)].map((variant) => variant[1] ?? ""),
    );
    found.set(id ?? "", { variables, selectors });
  }
  return found;
}

const files = readdirSync(`${folder}/en`);
const read = (language: string, file: string) => readFileSync(`${folder}/${language}/${file}`, "utf8");

describe.each(languages)("$code", ({ code }) => {
  it("is split into the same files", () => {
    expect(readdirSync(`${folder}/${code}`).sort()).toEqual([...files].sort());
  });

  it.each(files)("%s has the same messages with the same variables", (file) => {
    const shape = (language: string) =>
      Object.fromEntries([...anatomy(read(language, file))].map(([id, { variables }]) => [id, variables]));
    expect(shape(code)).toEqual(shape("en"));
  });

  it.each(files)("%s can be parsed, and no message is empty", (file) => {
    const source = read(code, file);
    const bundle = bundleOf(code, source);
    for (const [id, { variables }] of anatomy(source)) {
      const pattern = bundle.getMessage(id)?.value;
      expect(pattern, id).toBeTruthy();
      const args = Object.fromEntries(variables.map((name) => [name, 2]));
      const errors: Error[] = [];
      expect(bundle.formatPattern(pattern ?? "", args, errors).trim(), id).not.toBe("");
      expect(errors, id).toEqual([]);
    }
  });

  it.each(files)("%s has every plural category of the language", (file) => {
    const needed = new Intl.PluralRules(code).resolvedOptions().pluralCategories;
    for (const [id, { selectors }] of anatomy(read(code, file))) {
      for (const variants of selectors) {
        // Selectors on words, not on numbers, have other names.
        if (!variants.includes("other")) continue;
        expect(
          needed.filter((category) => !variants.includes(category)),
          id,
        ).toEqual([]);
      }
    }
  });
});

it("holds no message twice", () => {
  const ids = files.flatMap((file) => [...anatomy(read("en", file)).keys()]);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
});

it("takes the first language of the system that it speaks", () => {
  expect(ofTheSystem(["fr-FR", "uk-UA", "ru"])).toBe("uk");
  expect(ofTheSystem(["ka"])).toBe("en");
});

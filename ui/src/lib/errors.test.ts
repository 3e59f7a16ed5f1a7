import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bundleOf, languages } from "$lib/i18n/i18n.svelte";
import { isWarning, kindOf } from "./errors";

const rpc = readFileSync("../docs/RPC.md", "utf8");

/** Kinds that only a script can bring about; the window speaks through generated calls. */
const onlyScripts = ["parse_error", "invalid_request", "no_such_method"];

function kindsIn(text: string): string[] {
  return [...text.matchAll(/`([a-z]+(?:_[a-z]+)*)`/g)].map((match) => match[1] ?? "");
}

/** The first column of the tables under `## Errors`, and the kinds that have a code of their own. */
const errorKinds = [
  ...new Set(
    [...(rpc.split("\n## Errors")[1]?.split("\n## ")[0] ?? "").matchAll(/^\| (?:−326\d\d \| )?(`[^|:]*)/gm)]
      .flatMap((match) => kindsIn(match[1] ?? ""))
      .filter((kind) => !onlyScripts.includes(kind)),
  ),
];
const joinKinds = kindsIn(/Kinds of `join\.failed`: ([^.]*)\./.exec(rpc)?.[1] ?? "");
const warningKinds = kindsIn(
  (/Kinds of `cell\.warning`[^:]*:([\s\S]*?)\n\n/.exec(rpc)?.[1] ?? "").replaceAll(/\([^)]*\)/g, ""),
);

it("finds the kinds in docs/RPC.md", () => {
  expect(errorKinds).toContain("disk_full");
  expect(errorKinds).toContain("internal");
  expect(errorKinds.length).toBeGreaterThan(28);
  expect(joinKinds).toHaveLength(8);
  expect(warningKinds).toHaveLength(9);
});

it.each(errorKinds)("knows the kind %s", (kind) => {
  expect(kindOf({ kind, message: "" })).toBe(kind);
});

it.each(warningKinds)("knows the warning %s", (kind) => {
  expect(isWarning(kind)).toBe(true);
});

it("takes what it does not know for our own mistake", () => {
  expect(kindOf({ kind: "brand_new", message: "" })).toBe("internal");
  expect(kindOf(new Error("refused"))).toBe("internal");
  expect(kindOf(null)).toBe("internal");
});

describe.each(languages)("in $code", ({ code }) => {
  const bundle = bundleOf(code, readFileSync(`locales/${code}/errors.ftl`, "utf8"));
  const has = (prefix: string, kind: string) => bundle.hasMessage(`${prefix}-${kind.replaceAll("_", "-")}`);

  it("every error, every failed join and every warning has words", () => {
    expect(errorKinds.filter((kind) => !has("error", kind))).toEqual([]);
    expect(joinKinds.filter((kind) => !has("join-failed", kind))).toEqual([]);
    expect(warningKinds.filter((kind) => !has("warning", kind) || !has("warning", `${kind}-text`))).toEqual(
      [],
    );
  });
});

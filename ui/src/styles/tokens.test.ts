import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync("src/styles/tokens.css", "utf8");

function themeOf(name: string): Record<string, string> {
  const block = new RegExp(`data-theme="${name}"\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? "";
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1], match[2]]),
  );
}

/** WCAG 2.2: relative luminance. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const grounds = ["bg", "bg-side", "bg-raised", "bg-sunken", "bg-hover", "bubble", "bubble-mine"];
const text: [string, string[]][] = [
  ["text", [...grounds, "bg-active", "accent-soft", "danger-soft", "warn-soft"]],
  ["text-muted", [...grounds, "bg-active"]],
  ["accent-text", [...grounds, "accent-soft"]],
  ["danger", ["bg", "bg-raised", "bg-hover", "danger-soft"]],
  ["on-accent", ["accent", "accent-hover"]],
  ["on-danger", ["danger", "danger-hover"]],
  ["on-mark", ["mark"]],
];
const shapes: [string, string[]][] = [
  ["line-strong", ["bg", "bg-side", "bg-raised"]],
  ["accent", ["bg", "bg-side", "bg-raised"]],
  ["warn", ["warn-soft"]],
];

describe.each(["light", "dark", "contrast"])("%s", (name) => {
  const theme = themeOf(name);
  const pairs = (list: [string, string[]][]) =>
    list.flatMap(([front, backs]) => backs.map((back) => [front, back] as const));
  const measured = (front: string, back: string) => contrast(theme[front] ?? "", theme[back] ?? "");

  it.each(pairs(text))("%s can be read on %s", (front, back) => {
    expect(measured(front, back)).toBeGreaterThanOrEqual(name === "contrast" ? 7 : 4.5);
  });

  it.each(pairs(shapes))("%s can be seen on %s", (front, back) => {
    expect(measured(front, back)).toBeGreaterThanOrEqual(3);
  });

  it("has the same colours as the others", () => {
    expect(Object.keys(theme).sort()).toEqual(Object.keys(themeOf("light")).sort());
  });
});

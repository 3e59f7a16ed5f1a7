/**
 * Draws every screen of the mock build in every language and every theme, wide and narrow, under the content security
 * policy of the desktop program, and lets axe look at each. A screen is reached once and then wears one look after the
 * other.
 *
 * `npm run looks` draws each screen in each language and theme, without pictures. `npm run shots` adds narrow windows
 * and large text, and makes pictures and sheets of them in VIGIL_SHOTS, or in a new temporary folder whose name is
 * printed. `npm run pictures` makes those in docs/screenshots. VIGIL_SHOTS_ONLY=cell,dark,360 draws only the screens and
 * looks that have all these words in their names; VIGIL_SHOTS_NAMED only what has exactly one of these names.
 */
import { mkdtempSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startMock, type Mock } from "./browser.ts";
import { languages, looks, nameOf, tall, type Look } from "./looks.ts";
import { screens } from "./screens.ts";
import { makeSheets } from "./sheets.ts";

const named = (process.env["VIGIL_SHOTS_NAMED"] ?? "").split(",").filter(Boolean);
const only = (process.env["VIGIL_SHOTS_ONLY"] ?? "").split(",").filter(Boolean);
const axeOnly = process.env["VIGIL_LOOKS"] !== undefined;
const folder = axeOnly ? "" : (process.env["VIGIL_SHOTS"] ?? mkdtempSync(join(tmpdir(), "vigil-shots-")));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let mock: Mock;

beforeAll(async () => {
  if (folder) mkdirSync(folder, { recursive: true });
  mock = await startMock();
});
afterAll(async () => {
  if (folder && named.length === 0) await makeSheets(mock, folder);
  await mock.close();
});

const wanted = screens
  .map((screen) => ({
    ...screen,
    wears: looks(axeOnly).filter((look) => {
      const name = nameOf(screen.name, look);
      return (
        (named.length === 0 || named.includes(name)) &&
        only.every((word) => name.split("-").includes(word) || name.startsWith(word))
      );
    }),
  }))
  .filter(({ wears }) => wears.length > 0);

describe.concurrent(axeOnly ? "every screen in every look" : `pictures in ${folder}`, () => {
  it.for(wanted)("$name", async ({ name, query = "", steps, wears }) => {
    const { page, complaints } = await mock.open(`lang=en&theme=light&${query}`, {
      viewport: { width: 1200, height: 780 },
    });
    const found: string[] = [];
    try {
      await quiet(page);
      await steps?.(page);
      await quiet(page);
      // Injected by the browser, not by the page, so the policy holds for everything else.
      await page.evaluate(axe);
      for (const [at, look] of wears.entries()) {
        await wear(page, look);
        const shot = nameOf(name, look);
        if (folder) await page.screenshot({ path: join(folder, `${shot}.png`) });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        if (wide) found.push(`${shot} can be scrolled sideways`);
        // Only colours differ between themes; the rest is looked at once in each language and width.
        const seen = wears
          .slice(0, at)
          .some(({ language, width }) => language === look.language && width === look.width);
        found.push(...(await violations(page, seen)).map((violation) => `${shot}: ${violation}`));
      }
      expect([...found, ...complaints]).toEqual([]);
    } finally {
      await page.context().close();
    }
  });
});

it.runIf(axeOnly && only.length === 0)("none is left out", () => {
  const drawn = wanted.flatMap(({ name, wears }) => wears.map((look) => nameOf(name, look)));
  expect(new Set(drawn).size).toBe(screens.length * languages.length * 3);
});

async function wear(page: Page, look: Look) {
  const { theme, language, width, size: textSize } = look;
  const size = page.viewportSize();
  if (size?.width !== width) await page.setViewportSize({ width, height: tall(width) });
  await page.evaluate((put) => (globalThis as unknown as Wearing).wear(put), { theme, language, textSize });
  await drawn(page);
}

/** Until nothing moves for a moment: what is loaded late is there, and what the mock tells after a while is told. */
async function quiet(page: Page) {
  await page.waitForTimeout(350);
  await drawn(page);
}

const drawn = (page: Page) =>
  page.evaluate(async () => {
    await document.fonts.ready;
    for (let frame = 0; frame < 3; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
  });

async function violations(page: Page, coloursOnly: boolean): Promise<string[]> {
  const found = await page.evaluate(
    async (runOnly) => {
      const { axe: run } = globalThis as unknown as {
        axe: { run: (options: unknown) => Promise<AxeResult> };
      };
      return (await run.run({ runOnly, resultTypes: ["violations"], preload: false, iframes: false }))
        .violations;
    },
    coloursOnly
      ? ["color-contrast"]
      : ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

type AxeResult = { violations: { id: string; nodes: { html: string }[] }[] };
type Wearing = { wear: (look: unknown) => Promise<void> };

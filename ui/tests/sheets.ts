/** Sheets of many small pictures, one for each look, to see at a glance what stands out. */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Mock } from "./browser.ts";

export async function makeSheets(mock: Mock, folder: string): Promise<void> {
  const looks = new Map<string, string[]>();
  for (const file of readdirSync(folder).sort()) {
    const look = /-((?:light|dark|contrast)-.*)\.png$/.exec(file)?.[1];
    if (look && !file.startsWith("sheet-")) looks.set(look, [...(looks.get(look) ?? []), file]);
  }
  const page = await mock.blank();
  for (const [look, files] of looks) {
    const size = look.includes("-360") ? 180 : 390;
    const pictures = files.map(
      (file) =>
        `<figure><img src="${file}" width="${String(size)}"><figcaption>${file.replace(`-${look}.png`, "")}</figcaption></figure>`,
    );
    const sheet = join(folder, `sheet-${look}.html`);
    writeFileSync(
      sheet,
      `<style>body{margin:8px;display:flex;flex-wrap:wrap;gap:8px;background:#777;font:11px sans-serif}figure{margin:0}img{display:block}</style>${pictures.join("")}`,
    );
    await page.goto(pathToFileURL(sheet).href);
    await page.screenshot({ path: join(folder, `sheet-${look}.png`), fullPage: true });
  }
  await page.context().close();
}

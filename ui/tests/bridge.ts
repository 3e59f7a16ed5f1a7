/** The page on the real commands, a real node and a real sealed profile, in a browser. `npm run bridge`. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launch } from "./browser.ts";
import { goOn, toWords, unlockWith } from "./ways.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const profile = mkdtempSync(join(tmpdir(), "vigil-bridge-"));
let bridge: ChildProcess;
let origin = "";
let browser: Browser;

/** Starts the bridge, which says on its first line where it listens. */
async function start() {
  bridge = spawn(
    process.env["DEVBRIDGE_BIN"] ?? at("../../target/debug/devbridge"),
    ["--profile", join(profile, "p"), "--page", at("../dist-bridge")],
    { env: { ...process.env, VIGIL_TEST_KDF: "1" }, stdio: ["ignore", "pipe", "inherit"] },
  );
  const { stdout } = bridge;
  if (!stdout) throw new Error("the bridge has no output");
  for await (const line of createInterface(stdout)) {
    origin = line;
    return;
  }
}

beforeAll(async () => {
  await start();
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  bridge.kill();
  rmSync(profile, { recursive: true, force: true });
});

async function open(): Promise<{ page: Page; complaints: string[] }> {
  const page = await (await browser.newContext({ locale: "en-GB" })).newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(origin);
  return { page, complaints };
}

it("makes a profile, founds a cell, says something, locks, and has it again", async () => {
  const { page, complaints } = await open();
  await page.getByText("Before you begin").waitFor();
  await toWords(page);
  const words = (await page.locator("ol .word").allTextContents()).map((word) => word.trim());
  expect(words).toHaveLength(6);
  await goOn(page);
  await page.locator("form input").first().waitFor();
  for (const [place, label] of (await page.locator("form label").allTextContents()).entries()) {
    const word = words[Number(/\d/.exec(label)?.[0]) - 1] ?? "";
    await page.locator("form input").nth(place).fill(word);
  }
  await page.keyboard.press("Enter");
  await page.getByText("Your first cell").waitFor();
  await page.getByLabel("What do you call it?").fill("Sunday vigil");
  await page.getByLabel("Your name in it").fill("Alice");
  await page.getByRole("button", { name: "Found the cell" }).click();
  await page.locator(".composer textarea").fill("We meet at noon.");
  await page.keyboard.press("Enter");
  await page.locator("article", { hasText: "We meet at noon." }).waitFor();

  await page.keyboard.press("Control+KeyL");
  await page.getByRole("heading", { name: "Unlock" }).waitFor();
  expect(await page.locator("body").innerText()).not.toContain("noon");
  await unlockWith(page, "not these words at all");
  await page.getByText("This passphrase does not open it").waitFor();
  await unlockWith(page, words.join(" "));
  await page.locator(".cells .row", { hasText: "Sunday vigil" }).click();
  await page.locator("article", { hasText: "We meet at noon." }).waitFor();
  // The refused passphrase is told to the browser's console as a status of its own, and nothing else is.
  expect(complaints.filter((complaint) => !complaint.includes("422"))).toEqual([]);
});

it("a script of another site gets nothing from the bridge", async () => {
  const answer = await fetch(`${origin}/invoke/profile_status`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: "https://example.org" },
    body: "{}",
  });
  expect(answer.status).toBe(403);
});

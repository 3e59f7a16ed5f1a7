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
import { toCall, toForm } from "./callScreens.ts";
import { toChannels } from "./channelScreens.ts";
import { goOn, toWords, unlockWith } from "./ways.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const profiles = mkdtempSync(join(tmpdir(), "vigil-bridge-"));
const bridges: ChildProcess[] = [];
let browser: Browser;

/** Starts the bridge of somebody, which says on its first line where it listens. */
async function start(name: string): Promise<string> {
  const bridge = spawn(
    process.env["DEVBRIDGE_BIN"] ?? at("../../target/debug/devbridge"),
    ["--profile", join(profiles, name), "--page", at("../dist-bridge"), "--files", profiles],
    { env: { ...process.env, VIGIL_TEST_KDF: "1" }, stdio: ["ignore", "pipe", "inherit"] },
  );
  bridges.push(bridge);
  for await (const line of createInterface(bridge.stdout)) return line;
  throw new Error("the bridge says nothing");
}

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  for (const bridge of bridges) bridge.kill();
  rmSync(profiles, { recursive: true, force: true });
});

type Window = { page: Page; origin: string; complaints: string[] };

async function open(name: string): Promise<Window> {
  const origin = await start(name);
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1200, height: 900 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(origin);
  return { page, origin, complaints };
}

/** From a new computer to the first cell. Gives the six words. */
async function begin(page: Page): Promise<string[]> {
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
  return words;
}

async function found(page: Page, cell: string, name: string) {
  await page.getByLabel("What do you call it?").fill(cell);
  await page.getByLabel("Your name in it").fill(name);
  await page.getByRole("button", { name: "Found the cell" }).click();
  await page.locator(".composer textarea").waitFor();
}

/** Alice invites, both compare the phrase, bob is in. */
async function meet(alice: Page, bob: Page) {
  await alice.getByRole("button", { name: "Invite", exact: true }).first().click();
  await alice.getByRole("button", { name: "Make an invite" }).click();
  const link = await alice.locator(".link code").textContent();
  await bob.getByRole("button", { name: "I have an invite" }).click();
  await bob.getByLabel("Paste the link here").fill(link ?? "");
  await goOn(bob);
  await bob.getByLabel("Your name in this cell").fill("Bob");
  await bob.getByRole("button", { name: "Join", exact: true }).click();
  await bob.getByText("Do you both see this?").waitFor();
  const phrase = await alice.locator(".phrase").innerText();
  expect(await bob.locator(".phrase").innerText()).toBe(phrase);
  await alice.getByRole("button", { name: "They are the same, let them in" }).click();
  await bob.getByRole("button", { name: "Open the cell" }).click();
  await bob.locator(".cells .row", { hasText: "Sunday vigil" }).waitFor();
}

/** A time as the field for one takes it. */
function local(time: Date): string {
  const shifted = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

it("makes a profile, founds a cell, says something, locks, and has it again", async () => {
  const { page, complaints } = await open("alone");
  const words = await begin(page);
  await found(page, "Sunday vigil", "Alice");
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

it("a call is shared from a preset, answered, lived through and called off", async () => {
  const [{ page: alice, complaints }, { page: bob, complaints: others }] = await Promise.all([
    open("alice"),
    open("bob"),
  ]);
  await Promise.all([begin(alice), begin(bob)]);
  await found(alice, "Sunday vigil", "Alice");
  await meet(alice, bob);

  await toForm(alice);
  await alice.getByLabel("Title").fill("Ten quiet minutes");
  await alice.getByRole("button", { name: "Look it over" }).click();
  await alice.getByText("Nobody outside of it sees anything of this call.").waitFor();
  await alice.getByRole("button", { name: /^Share in/u }).click();
  await alice.locator("aside .card", { hasText: "Ten quiet minutes" }).waitFor();
  await alice.locator("aside .answers").waitFor();
  await alice.getByRole("button", { name: "Change", exact: true }).click();
  await alice.getByRole("textbox", { name: "Place" }).fill("Where we had tea");
  await alice.getByLabel("Time", { exact: true }).fill(local(new Date(Date.now() - 3 * 60_000)));
  await alice.keyboard.press("Enter");
  await alice.locator("aside dd", { hasText: "Where we had tea" }).waitFor();

  await bob.locator(".strip", { hasText: "Ten quiet minutes" }).waitFor();
  await toCall(bob);
  await bob.locator("aside dd", { hasText: "Where we had tea" }).waitFor();
  await bob.locator("aside .answer", { hasText: "I am in" }).click();
  await bob
    .getByRole("button", { name: /^Take the role/u })
    .first()
    .click();
  await bob.getByRole("button", { name: /^Give back the role/u }).waitFor();
  await bob.locator(".strip").getByRole("button", { name: "I am home" }).click();
  await bob.getByText("Good. The others see that you are home.").first().waitFor();

  await alice.locator("aside .who", { hasText: /^In: .*Bob/u }).waitFor();
  await alice.locator("aside .who", { hasText: /^Bob$/u }).waitFor();
  await alice.locator("aside li.person.home", { hasText: "Bob" }).waitFor();
  await alice.getByRole("button", { name: "Call it off…" }).click();
  await alice.getByLabel("Why, in a few words").fill("police on the square");
  await alice.keyboard.press("Enter");
  for (const page of [alice, bob]) {
    await page.locator(".strip .banner", { hasText: "police on the square" }).waitFor();
    await page.locator("aside .card.off").waitFor();
    expect(await page.locator(".strip .next, .strip .home, aside .answers").count()).toBe(0);
  }
  await bob.getByRole("button", { name: "All calls" }).click();
  await bob.locator("aside li .card.off").waitFor();
  expect(await bob.locator("aside .card:not(.off)").count()).toBe(0);
  expect([...complaints, ...others]).toEqual([]);
});

it("a script of another site gets nothing from the bridge", async () => {
  const { origin } = await open("other");
  const answer = await fetch(`${origin}/invoke/profile_status`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: "https://example.org" },
    body: "{}",
  });
  expect(answer.status).toBe(403);
});

it("a channel is started, followed by its link, and what is posted in it is read", async () => {
  const [{ page: erin, complaints }, { page: frank, complaints: others }] = await Promise.all([
    open("erin"),
    open("frank"),
  ]);
  await Promise.all([begin(erin), begin(frank)]);
  await found(erin, "Home", "Erin");
  await found(frank, "Elsewhere", "Frank");
  await toChannels(erin);
  await erin.getByRole("button", { name: "Start a channel" }).click();
  await erin.getByLabel("What is it called?").fill("Silent minutes");
  await erin.getByRole("button", { name: "Start it" }).click();
  await erin.getByRole("heading", { name: "Silent minutes" }).waitFor();
  await erin.getByRole("button", { name: "Pass the link on" }).click();
  const link = await erin.locator("dialog code").textContent();
  await erin.keyboard.press("Escape");

  await toChannels(frank);
  await frank.getByRole("button", { name: "Follow a channel" }).click();
  await frank.getByLabel("Paste the link here").fill(link ?? "");
  await frank.getByRole("button", { name: "Follow", exact: true }).click();
  await frank.getByRole("heading", { name: "Silent minutes" }).waitFor();

  await erin.getByLabel("Write a post").fill("Fifteen minutes, wherever you are.");
  await erin.getByRole("button", { name: "Look it over" }).click();
  await erin.getByRole("button", { name: "Post it" }).click();
  await frank.locator("article", { hasText: "Fifteen minutes, wherever you are." }).waitFor();
  expect(await frank.getByLabel("Write a post").count()).toBe(0);

  await erin.getByRole("button", { name: "New call" }).click();
  await erin.locator("dialog li button").first().click();
  await erin.getByLabel("Title").fill("On every square");
  await erin.locator("dialog").getByRole("button", { name: "Look it over" }).click();
  await erin.getByText("Everybody who has the link of this channel can read it").waitFor();
  await erin.getByRole("button", { name: /^Share in/u }).click();
  await frank.locator("article .card", { hasText: "On every square" }).waitFor();
  expect([...complaints, ...others]).toEqual([]);
});

/** The screens of channels, and how one gets there from a fresh page. */
import type { Page } from "playwright-core";
import type { Screen } from "./ways.ts";

export async function toChannels(page: Page) {
  await page.locator(".cells footer button").nth(1).click();
  await page.locator(".page h1").waitFor();
  await page.locator(".page .card, .page .empty").first().waitFor();
}

export async function toChannel(page: Page, at = 0) {
  await toChannels(page);
  await page.locator(".page .card").nth(at).click();
  await page.locator(".page article").first().waitFor();
}

export const channelScreens: Screen[] = [
  { name: "channels-none", query: "unfollowed", steps: toChannels },
  { name: "channels", steps: toChannels },
  { name: "channel", steps: (page) => toChannel(page) },
  { name: "channel-parted", query: "parted", steps: (page) => toChannel(page) },
  { name: "channel-silent", query: "silent", steps: (page) => toChannel(page) },
  { name: "channel-missing", query: "missing", steps: (page) => toChannel(page) },
  { name: "channel-ours", steps: (page) => toChannel(page, 1) },
  { name: "channel-called", query: "called", steps: (page) => toChannel(page, 1) },
  {
    name: "channel-call-off",
    query: "called",
    steps: async (page) => {
      await toChannel(page, 1);
      await page.locator(".page article .row button").nth(2).click();
      await page.locator("dialog input").fill("Police are there.");
      await page.locator("dialog button[type=submit]").click();
      await page.locator(".page article .off").first().waitFor();
    },
  },
  {
    name: "channel-forward",
    steps: async (page) => {
      await toChannel(page);
      await page.locator(".page article .row button").nth(1).click();
      await page.locator("dialog select").waitFor();
    },
  },
  {
    name: "channel-post",
    steps: async (page) => {
      await toChannel(page, 1);
      await page.locator(".page textarea").fill("Fifteen minutes, wherever you are.");
      await page.locator(".page form button").first().click();
      await page.locator("dialog").waitFor();
    },
  },
  {
    name: "channel-link",
    steps: async (page) => {
      await toChannel(page);
      await page.locator(".page .row button").first().click();
      await page.locator("dialog svg").first().waitFor();
    },
  },
  {
    name: "channel-follow",
    steps: async (page) => {
      await toChannels(page);
      await page.locator(".page .row button").first().click();
      await page.locator("dialog textarea").waitFor();
    },
  },
  {
    name: "channel-start",
    steps: async (page) => {
      await toChannels(page);
      await page.locator(".page .row button").nth(1).click();
      await page.locator("dialog select").waitFor();
    },
  },
  {
    name: "channel-stop",
    steps: async (page) => {
      await toChannel(page, 1);
      await page.locator(".page .row button").nth(2).click();
      await page.locator("dialog").waitFor();
    },
  },
  {
    name: "channel-carry",
    steps: async (page) => {
      await toChannel(page);
      await page.locator(".page .row button").nth(1).click();
      await page.locator("dialog").waitFor();
    },
  },
  {
    name: "channel-guard",
    steps: async (page) => {
      await toChannel(page);
      await page.locator(".page .row button").first().click();
      await page.locator("dialog svg").first().waitFor();
      await page.locator("dialog .quiet").click();
      await page.locator("dialog input").waitFor();
    },
  },
];

/** The mock build in a real browser, under the content security policy of the desktop program. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContextOptions, type Page } from "playwright-core";
import { build, preview } from "vite";
import { expect } from "vitest";

export type Mock = {
  /** A page of its own, and what it complained about so far: errors, the policy, requests to anywhere else. */
  open: (query: string, options?: BrowserContextOptions) => Promise<{ page: Page; complaints: string[] }>;
  /** A page of nothing, which no policy holds. */
  blank: () => Promise<Page>;
  /** A page in English of the usual size, which must complain about nothing; it is closed afterwards. */
  visit: (query: string, work: (page: Page) => Promise<void>) => Promise<void>;
  close: () => Promise<void>;
};

/** Debian's Chromium, which asks nobody for anything by itself. */
export const launch = () =>
  chromium.launch({
    executablePath: process.env["VIGIL_CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

export async function startMock(): Promise<Mock> {
  const outDir = mkdtempSync(join(tmpdir(), "vigil-mock-"));
  await build({ mode: "mock", build: { outDir, emptyOutDir: true }, logLevel: "error" });
  const server = await preview({
    mode: "mock",
    build: { outDir },
    preview: { port: 0, host: "127.0.0.1" },
    logLevel: "error",
  });
  const address = server.httpServer.address();
  const origin = typeof address === "object" && address ? `http://127.0.0.1:${String(address.port)}` : "";
  const browser = await launch();
  const mock: Mock = {
    async open(query, options = {}) {
      const context = await browser.newContext({ reducedMotion: "reduce", ...options });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("request", (request) => {
        if (
          !request
            .url()
            .replace(/^blob:/, "")
            .startsWith(origin)
        )
          complaints.push(`request to ${request.url()}`);
      });
      await page.goto(`${origin}/?${query}`);
      await page.waitForSelector("#app main", { state: "attached" });
      return { page, complaints };
    },
    async blank() {
      return (await browser.newContext({ viewport: { width: 1600, height: 900 } })).newPage();
    },
    async visit(query, work) {
      const { page, complaints } = await mock.open(`lang=en&${query}`, {
        viewport: { width: 1200, height: 780 },
      });
      try {
        await work(page);
        expect(complaints).toEqual([]);
      } finally {
        await page.context().close();
      }
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
  return mock;
}

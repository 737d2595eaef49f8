import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, expect } from "vitest";

/** The system's Chromium; undefined where there is none. */
export const CHROMIUM: string | undefined = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((file) => existsSync(file));

/** How a page is shown. */
export interface Viewing {
  readonly width?: number;
  readonly colorScheme?: "light" | "dark";
  readonly javaScriptEnabled?: boolean;
  readonly permissions?: readonly string[];
}

/** A browser for a whole file, started at the first page. Call it outside of tests. */
export function sharedBrowser() {
  let browser: Browser | undefined;
  afterAll(() => browser?.close());

  /**
   * Opens an address, lets a test use the page, then checks that it wrote no error to the console and asked for nothing
   * outside its own site.
   */
  return async (address: string, viewing: Viewing, use: (page: Page) => Promise<void>): Promise<void> => {
    browser ??= await chromium.launch({ executablePath: CHROMIUM as string, args: ["--no-sandbox"] });
    const { width = 1280, colorScheme = "light", javaScriptEnabled = true, permissions = [] } = viewing;
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme,
      javaScriptEnabled,
      permissions: [...permissions],
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    const asked: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => asked.push(request.url()));
    try {
      await page.goto(address);
      await use(page);
      expect(complaints).toEqual([]);
      const { protocol, host } = new URL(address);
      const outside = asked.filter((url) => !url.startsWith("data:") && !url.startsWith(`${protocol}//${host}`));
      expect(outside).toEqual([]);
    } finally {
      await context.close();
    }
  };
}

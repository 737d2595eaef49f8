import { mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parsePort } from "../../../core/cli/serve-leaderboard.ts";
import { requestedFile, serveSite } from "../../../leaderboard/site/serve-site.ts";
import { harnessErrorOf } from "../../helpers/harness-error-of.ts";
import { sharedTemporaryFolder } from "../../helpers/temporary-folder.ts";

const root = sharedTemporaryFolder();
const folder = path.join(root, "site");
mkdirSync(path.join(folder, "methods"), { recursive: true });
mkdirSync(path.join(folder, ".cache"));
writeFileSync(path.join(folder, "index.html"), "<p>overview</p>");
writeFileSync(path.join(folder, "methods", "rea-1.0.0.html"), "<p>REA</p>");
writeFileSync(path.join(folder, ".cache", "kept"), "kept");
writeFileSync(path.join(root, "secret.txt"), "secret");
const site = await serveSite(folder, 0);
afterAll(() => site.close());

/** Asks for an address exactly as it is written: fetch would take ways up out of it. */
function ask(
  place: string,
  options: { method?: string; host?: string } = {},
): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(site.address);
  return new Promise((resolve, reject) => {
    const headers = options.host === undefined ? {} : { host: options.host };
    const sent = request({ hostname, port, path: place, method: options.method ?? "GET", headers }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        body += part;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on("error", reject).end();
  });
}

describe("a served site", () => {
  test("is reached on this machine alone", () => {
    expect(site.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/index\.html$/);
  });

  test.each([
    ["/", "<p>overview</p>"],
    ["/index.html", "<p>overview</p>"],
    ["/index.html?sort=rank#x", "<p>overview</p>"],
    ["/methods/rea-1.0.0.html", "<p>REA</p>"],
  ])("gives %s", async (place, body) => {
    expect(await ask(place)).toEqual({ status: 200, body });
  });

  test.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/methods/../../secret.txt",
    "/..%2fsecret.txt",
    "/..\\secret.txt",
    "/%5c..%5csecret.txt",
    "//etc/passwd",
    "/%00index.html",
    "/%",
    "/.cache/kept",
    "/methods",
    "/methods/",
    "/nothing.html",
  ])("refuses %s", async (place) => {
    const { status, body } = await ask(place);
    expect(status).toBe(404);
    expect(body).not.toMatch(/secret|kept|root:/);
  });

  test("reads a file at each request", async () => {
    writeFileSync(path.join(folder, "methods", "new.html"), "one");
    expect((await ask("/methods/new.html")).body).toBe("one");
    writeFileSync(path.join(folder, "methods", "new.html"), "two");
    expect((await ask("/methods/new.html")).body).toBe("two");
  });

  test("takes GET and HEAD alone, and no other host's name", async () => {
    expect(await ask("/index.html", { method: "HEAD" })).toEqual({ status: 200, body: "" });
    expect((await ask("/index.html", { method: "POST" })).status).toBe(405);
    expect((await ask("/index.html", { host: "example.org" })).status).toBe(403);
  });

  test("says so where the port is taken", async () => {
    const port = Number(new URL(site.address).port);
    await expect(serveSite(folder, port)).rejects.toMatchObject({ code: "NAS_USAGE" });
  });
});

test.each(["", "-1", "65536", "1.5", "http", "0x50"])("%j is no port", (text) => {
  expect(harnessErrorOf(() => parsePort(text))).toMatchObject({ code: "NAS_USAGE" });
});

test("a file is asked for by a path that begins with a slash", () => {
  expect(requestedFile(folder, "index.html")).toBeNull();
  expect(requestedFile(folder, "/index.html")).toBe(path.join(folder, "index.html"));
});

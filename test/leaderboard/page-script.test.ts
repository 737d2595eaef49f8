import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { renderHtml } from "../../leaderboard/generator/html-page.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { writeMethodResults } from "../statistics/method-results.ts";
import { collect } from "./collected-board.ts";

const BROWSER = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((file) =>
  existsSync(file),
);

/** Opens a page in the browser and returns its document after all scripts have run. */
function documentOf(page: string): string {
  const folder = temporaryFolder();
  const file = path.join(folder, "page.html");
  writeFileSync(file, page);
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  const quiet = ["--disable-component-update", "--disable-sync", `--user-data-dir=${path.join(folder, "profile")}`];
  return execFileSync(BROWSER as string, [...flags, ...quiet, "--dump-dom", `file://${file}`], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 50_000,
  });
}

/** Presses every button of the first table twice and writes down the order of methods after each press. */
const PRESS_ALL = `<script>
const table = document.querySelector("table");
const lines = [];
for (const head of table.querySelectorAll("thead th[data-first]")) {
  for (let press = 0; press < 2; press++) {
    head.querySelector("button").click();
    const methods = [...table.tBodies].map((body) => body.rows[0].querySelector("th").dataset.sort);
    const marked = table.querySelectorAll("[aria-sort]");
    lines.push([head.querySelector("button").textContent, head.getAttribute("aria-sort"), marked.length, ...methods].join(","));
  }
}
const result = document.createElement("pre");
result.textContent = lines.join("\\n");
document.body.replaceChildren(result);
</script></body>`;

function boardPage(): string {
  const output = temporaryFolder();
  const values = { rea: { test: 94, valid: 90 }, rs: { test: 93.5, valid: 91 }, bohb: { test: 9.5, valid: 92 } };
  for (const [method, { test: onTest, valid }] of Object.entries(values)) {
    const columns = Object.fromEntries(
      ["cifar10", "cifar100", "imagenet16-120"].flatMap((dataset) => [
        [`${dataset}.valid`, valid],
        [`${dataset}.test`, onTest],
      ]),
    );
    writeMethodResults(output, { method, title: method, runs: [{ values: columns }] });
  }
  writeMethodResults(output, {
    method: "none",
    title: "none",
    runs: [{ failure: { code: "NAS_ALGORITHM_DIED", what: "x" } }],
  });
  return renderHtml(collect({ results: [output] }).board);
}

const title = BROWSER === undefined ? "the page in a browser (needs Chromium, not found)" : "the page in a browser";

describe.skipIf(BROWSER === undefined)(title, () => {
  test("runs its script under its own policy: every head that sorts has a button", () => {
    const document = documentOf(boardPage());
    const heads = document.match(/<th scope="col"/g) ?? [];
    expect(document.match(/<button type="button">/g)).toHaveLength(heads.length);
  });

  test("sorts whole groups by any column, numbers as numbers, rows without a figure last", () => {
    // The policy would stop the test's own script.
    const page = boardPage()
      .replace(/<meta http-equiv[^>]*>/, "")
      .replace("</body>", PRESS_ALL);
    const lines = (/<pre>([\s\S]*?)<\/pre>/.exec(documentOf(page))?.[1] ?? "").split("\n");
    expect(lines).toContain("test,descending,1,rea,rs,bohb,none");
    expect(lines).toContain("test,ascending,1,bohb,rs,rea,none");
    expect(lines).toContain("valid,descending,1,bohb,rs,rea,none");
    expect(lines).toContain("Method,ascending,1,bohb,none,rea,rs");
    expect(lines).toContain("Rank,descending,1,bohb,rs,rea,none");
    expect(lines).toContain("Rank,ascending,1,rea,rs,bohb,none");
    expect(lines.filter((line) => line.startsWith("test,descending"))).toHaveLength(3);
  });
});

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { html } from "../../../leaderboard/generator/html.ts";
import { readAssets } from "../../../leaderboard/site/asset-files.ts";
import { benchmarkTable } from "../../../leaderboard/site/benchmark-table.ts";
import { renderPage } from "../../../leaderboard/site/page.ts";
import { METHODS, madeUpBenchmark } from "./made-up-benchmark.ts";

/** Writes a page with one made-up table, index.html, and one with two, two.html. */
export function writeMadeUpSite(folder: string): void {
  const assets = readAssets();
  mkdirSync(path.join(folder, "assets"));
  for (const { name, text } of [assets.style, assets.script]) writeFileSync(path.join(folder, "assets", name), text);
  const table = (id: string) => benchmarkTable(madeUpBenchmark(METHODS, id), "", [], (result) => `@misc{${result.id}}`);
  const page = (main: ReturnType<typeof html>) => renderPage({ title: "Made up", root: "", trail: [], main }, assets);
  writeFileSync(path.join(folder, "index.html"), page(table("one-1.0.0")));
  writeFileSync(path.join(folder, "two.html"), page(html`${table("one-1.0.0")}${table("two-1.0.0")}`));
}

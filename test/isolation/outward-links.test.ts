import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { checkNoOutwardLinks } from "../../core/isolation/outward-links.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

/** Links by their place in a plugin's folder, each with what it says; `$root` is the folder that holds the plugin. */
type Links = Readonly<Record<string, string>>;

/** A plugin's folder beside a file, a folder and an installed package that are not its own. */
function writeFolder(links: Links): string {
  const root = realpathSync(temporaryFolder());
  const folder = path.join(root, "plugin");
  for (const place of ["plugin/data", "outside/inner", "node_modules/installed"]) {
    mkdirSync(path.join(root, place), { recursive: true });
  }
  for (const file of [
    "plugin/index.ts",
    "plugin/data/cells.json",
    "plugin/data/cli.js",
    "outside/notes.txt",
    "outside/inner/more.txt",
  ]) {
    writeFileSync(path.join(root, file), "");
  }
  for (const [place, says] of Object.entries(links)) {
    const link = path.join(folder, place);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(says.replace("$root", root), link);
  }
  return folder;
}

test.each<[string, Links]>([
  ["holds no links", {}],
  ["links to a file of its own", { "main.ts": "index.ts" }],
  ["links to a file of its own by an absolute path", { "main.ts": "$root/plugin/index.ts" }],
  ["links to a folder of its own", { cells: "data" }],
  ["links to itself", { self: "." }],
  ["links to itself from below", { "data/up": ".." }],
  ["links from a subfolder to a file further up", { "data/deep/main.ts": "../../index.ts" }],
  ["leaves its folder on the way and comes back", { "main.ts": "../plugin/index.ts" }],
  ["links to a link to a file of its own", { a: "b", b: "data/c", "data/c": "cells.json" }],
  ["has a linked package in node_modules", { "node_modules/used": "../../node_modules/installed" }],
  ["has a linked package with a scope", { "node_modules/@made/up": "../../../node_modules/installed" }],
  [
    "has a program of a package of its own",
    { "node_modules/.bin/own": "../own/cli.js", "node_modules/own": "../data" },
  ],
  ["has a package manager's program", { "node_modules/.bin/used": "../../../node_modules/installed" }],
])("a folder that %s is allowed", (_, links) => {
  expect(() => checkNoOutwardLinks(writeFolder(links))).not.toThrow();
});

test.each<[string, Links, string[]]>([
  ["that leads nowhere", { gone: "nowhere.ts" }, ["gone"]],
  ["in a circle", { a: "b", b: "a" }, ["a", "b"]],
  ["to a file outside", { notes: "../outside/notes.txt" }, ["notes"]],
  ["to a file outside, by an absolute path", { notes: "$root/outside/notes.txt" }, ["notes"]],
  ["to a folder outside", { more: "../outside" }, ["more"]],
  ["to the folder that holds it", { up: ".." }, ["up"]],
  ["to the root of all folders", { all: "/" }, ["all"]],
  ["to another folder whose name begins alike", { twin: "../plugin-twin" }, ["twin"]],
  ["from a subfolder", { "data/deep/notes": "../../../outside/notes.txt" }, ["data/deep/notes"]],
  ["from node_modules to what nobody installed", { "node_modules/used": "../../outside" }, ["node_modules/used"]],
  ["to an installed package from anywhere but node_modules", { used: "../node_modules/installed" }, ["used"]],
  ["at the end of a chain", { a: "b", b: "data/c", "data/c": "../../outside" }, ["a", "b", "data/c"]],
  ["behind another link", { "data/more": "../../outside", "data/inner": "more/inner" }, ["data/inner", "data/more"]],
])("a link %s is refused and named", (_, links, named) => {
  const folder = writeFolder(links);
  mkdirSync(`${folder}-twin`);
  const { code, details } = harnessErrorOf(() => checkNoOutwardLinks(folder));
  expect(code).toBe("NAS_ISOLATION");
  expect(details.where).toBe([folder, ...named.map((link) => `- ${link}`)].join("\n"));
  expect(details.what).toContain(named.length === 1 ? "a link that leads out of it" : "links that lead out of it");
});

test("all links that lead out are named, in order, and no others", () => {
  const folder = writeFolder({ z: "../outside", "data/m": "../../outside/notes.txt", a: "/", own: "index.ts" });
  const { where } = harnessErrorOf(() => checkNoOutwardLinks(folder)).details;
  expect(where).toBe(`${folder}\n- a\n- data/m\n- z`);
});

test("a folder that is itself reached by a link is looked at where it really is", () => {
  const folder = writeFolder({ "main.ts": "index.ts", "data/self": "$root/plugin" });
  const link = `${folder}-link`;
  symlinkSync(folder, link);
  expect(() => checkNoOutwardLinks(link)).not.toThrow();
  symlinkSync("../outside", path.join(folder, "more"));
  expect(harnessErrorOf(() => checkNoOutwardLinks(link)).details.where).toBe(`${link}\n- more`);
});

/**
 * `npm run build`: the published package in `dist/` (then `npm pack ./dist`). In the repository Node runs the TypeScript
 * sources as they are; inside node_modules it does not strip types, so the package holds JavaScript and declarations.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = import.meta.dirname;
const dist = path.join(root, "dist");

/** Everything besides compiled sources that the running package reads, or that a user is owed. */
const COPIED = [
  "clients",
  "core/cli/bin.js",
  "core/importers/mappings",
  "core/importers/sources.json",
  "core/importers/cost-mappings",
  "core/training/kernels/kernels.wasm",
  "docs",
  "leaderboard/published.json",
  "leaderboard/site/assets",
  "protocols",
  "schemas/generated/validators.cjs",
  "schemas/generated/validators.d.cts",
  "README.md",
  "LICENSE",
];

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: "inherit",
});
for (const name of COPIED) {
  mkdirSync(path.dirname(path.join(dist, name)), { recursive: true });
  cpSync(path.join(root, name), path.join(dist, name), { recursive: true });
}
const schemas = (name: string) => /(^|\/)schemas($|\/[a-z-]+\.schema\.json$)/.test(name.replaceAll(path.sep, "/"));
cpSync(path.join(root, "schemas"), path.join(dist, "schemas"), { recursive: true, filter: schemas });
// Manifests and READMEs of the built-in plugins; an entry is compiled, so the manifest names the JavaScript file.
cpSync(path.join(root, "plugins"), path.join(dist, "plugins"), {
  recursive: true,
  filter: (name) => !name.endsWith(".ts"),
});
for (const kind of ["algorithms", "datasets"]) {
  for (const name of readdirSync(path.join(dist, "plugins", kind))) {
    const file = path.join(dist, "plugins", kind, name, "plugin.json");
    const manifest = JSON.parse(readFileSync(file, "utf8")) as { entry: string };
    const entry = manifest.entry.replace(/\.ts$/, ".js");
    writeFileSync(file, `${JSON.stringify({ ...manifest, entry }, null, 2)}\n`);
  }
}

const {
  scripts: _,
  devDependencies: __,
  allowScripts: ___,
  files: ____,
  ...manifest
} = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as Record<string, unknown>;
const entry = (name: string) => ({ types: `./core/${name}.d.ts`, default: `./core/${name}.js` });
const published = {
  ...manifest,
  exports: { ".": entry("public-entry"), "./testing": entry("testing-entry"), "./package.json": "./package.json" },
};
writeFileSync(path.join(dist, "package.json"), `${JSON.stringify(published, null, 2)}\n`);
chmodSync(path.join(dist, "core/cli/bin.js"), 0o755);
process.stdout.write("the package is in dist/; next: npm pack ./dist\n");

#!/usr/bin/env node
// Plain JavaScript on purpose: a Node.js that is too old must get this far to say so.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    [
      `NAS_NODE_VERSION: nas-harness needs Node.js 22.18 or newer, this is ${process.versions.node}`,
      `  where:   ${process.execPath}`,
      "  allowed: Node.js 22.18 and later, 24 or 26",
      "  next:    in a clone, use `npm start` and `npm run …`: they use the pinned Node.js; elsewhere: npm install nas-harness node@24",
      "",
    ].join("\n"),
  );
  process.exitCode = 4;
} else {
  // In the repository Node runs the TypeScript sources as they are; the published package holds JavaScript.
  const { existsSync } = await import("node:fs");
  const { enableCompileCache } = await import("node:module");
  // Compiled (and stripped) sources are kept in the system's temporary folder: the next start takes half the time. The
  // variable hands the cache on to worker processes; a user's own NODE_COMPILE_CACHE or NODE_DISABLE_COMPILE_CACHE counts.
  const { directory } = enableCompileCache();
  if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory;
  const extension = existsSync(new URL("./main.ts", import.meta.url)) ? "ts" : "js";
  const { main } = await import(`./main.${extension}`);
  process.exitCode = await main(process.argv.slice(2));
}

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // A plugin that a test writes is loaded by Node, as a user's is, wherever the checkout lies: vitest would otherwise
    // take it for a file of the project when the checkout itself is below the temporary folder.
    server: { deps: { external: [/\/nas-harness-test-/] } },
    globalSetup: ["test/helpers/global-setup.ts"],
    include: ["test/slow/**/*.test.ts"],
    // Many of these wait for processes of their own; more than two at once would only wait for one another.
    maxWorkers: 2,
    // What is skipped is named, with what it lacked.
    reporters: ["verbose"],
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // A plugin that a test writes is loaded by Node, as a user's is, wherever the checkout lies: vitest would otherwise
    // take it for a file of the project when the checkout itself is below the temporary folder.
    server: { deps: { external: [/\/nas-harness-test-/] } },
    globalSetup: ["test/helpers/global-setup.ts"],
    include: ["test/**/*.test.ts"],
    exclude: ["test/slow/**"],
    // Process pools are tested for real: two test files at once already use both cores of a small machine.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

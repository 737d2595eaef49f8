import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    globalSetup: ["test/helpers/global-setup.ts"],
    include: ["test/slow/**/*.test.ts"],
    // What is slow here downloads runtimes or fills disks: one after another.
    fileParallelism: false,
    // What is skipped is named, with what it lacked.
    reporters: ["verbose"],
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});

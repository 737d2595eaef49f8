import { expect } from "vitest";
import type { CommandResult } from "./process.ts";

/**
 * Expects that a command ended with NAS_WRITE_FAILED for something below a folder, in one clear message.
 * @param reason why, in words
 * @returns the path that the message names
 */
export function expectWriteFailure(result: CommandResult, folder: string, reason: string): string {
  const { exitCode, stderr } = result;
  expect(exitCode, stderr).toBe(4);
  expect(stderr.match(/^NAS_[A-Z_]+/gm), stderr).toEqual(["NAS_WRITE_FAILED"]);
  expect(stderr).toContain(`NAS_WRITE_FAILED: writing failed: ${reason}\n`);
  expect(stderr, "a stack trace").not.toMatch(/^\s+at /m);
  const [, place = ""] = /^ {2}where: {3}(.+)$/m.exec(stderr) ?? [];
  expect(place.startsWith(folder), `${place} is not below ${folder}`).toBe(true);
  return place;
}

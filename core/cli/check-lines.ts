import type { CheckResult } from "../conformance/conformance.ts";
import { print } from "./terminal.ts";

const WORD_WIDTH = 8;

/** Prints a check's outcome, name and title, and below it its reasons. */
export function showCheck({ outcome, name, title, reasons }: CheckResult): void {
  print(`${outcome.padEnd(WORD_WIDTH)}${name}: ${title}`);
  for (const reason of reasons) print(`${"".padEnd(WORD_WIDTH)}- ${reason}`);
}

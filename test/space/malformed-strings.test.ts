import { expect, test } from "vitest";
import { parseArchitecture } from "../../core/space/codec.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";

const GOOD = "|nor_conv_3x3~0|+|none~0|nor_conv_1x1~1|+|skip_connect~0|none~1|avg_pool_3x3~2|";

const errorOf = (text: string) => harnessErrorOf(() => parseArchitecture(text));

// Each malformed string with a ^ in front of the first wrong character, and what the message says.
test.each([
  ["^", "expected"],
  [" ", "a space does not belong here", 0],
  ["^nor_conv_3x3~0|+|none~0|none~1|+|none~0|none~1|none~2|", 'expected "|", found "n"'],
  ["|^nor_conv~0|+|none~0|none~1|+|none~0|none~1|none~2|", 'unknown operation "nor_conv"'],
  ["|^Nor_Conv_3x3~0|+|none~0|none~1|+|none~0|none~1|none~2|", 'unknown operation "Nor_Conv_3x3"'],
  ["|^~0|+|none~0|none~1|+|none~0|none~1|none~2|", 'unknown operation ""'],
  ["|^3~0|+|none~0|none~1|+|none~0|none~1|none~2|", 'unknown operation "3"'],
  ["|none^|+|none~0|none~1|+|none~0|none~1|none~2|", 'expected "~", found "|"'],
  ["|none~^|+|none~0|none~1|+|none~0|none~1|none~2|", 'wrong input node "|"'],
  ["|none~^1|+|none~0|none~1|+|none~0|none~1|none~2|", 'wrong input node "1"'],
  ["|none~^00|+|none~0|none~1|+|none~0|none~1|none~2|", 'wrong input node "00"'],
  ["|none~^-0|+|none~0|none~1|+|none~0|none~1|none~2|", 'wrong input node "-"'],
  ["|none~^x|+|none~0|none~1|+|none~0|none~1|none~2|", 'wrong input node "x"'],
  ["|none~0^+|none~0|none~1|+|none~0|none~1|none~2|", 'expected "|", found "+"'],
  ["|none~0|^|none~0|none~1|+|none~0|none~1|none~2|", 'expected "+", found "|"'],
  ["|none~0|^-|none~0|none~1|+|none~0|none~1|none~2|", 'expected "+", found "-"'],
  ["|none~0|+^none~0|none~1|+|none~0|none~1|none~2|", 'expected "|", found "n"'],
  ["|none~0|^ + |none~0|none~1| + |none~0|none~1|none~2|", "a space does not belong here"],
  ["|none~0|+^ |none~0|none~1|+|none~0|none~1|none~2|", "a space does not belong here"],
  ["|none~0|+|none~0|none~^0|+|none~0|none~1|none~2|", 'wrong input node "0"'],
  ["|none~0|+|none~^1|none~0|+|none~0|none~1|none~2|", 'wrong input node "1"'],
  ["|none~0|+|none~0|^+|none~0|none~1|none~2|", 'unknown operation ""'],
  ["|none~0|+|none~0|none~1|^none~0|+|none~1|none~2|", 'expected "+", found "n"'],
  ["|none~0|+|none~0|none~1|+|none~0|none~1|none~^3|", 'wrong input node "3"'],
  ["|none~0|+|none~0|none~1|+|none~0|none~1|none~2^", 'expected "|", found the end'],
  ["|none~0|+|none~0|none~1|+|none~0|none~1|^", 'unknown operation ""'],
  ["|none~0|+|none~0|none~1|^", 'expected "+", found the end'],
  ["|none~0^", 'expected "|", found the end'],
  ["|none~^", "wrong input node"],
  ["|none^", 'expected "~", found the end'],
  ["|none~0|+|none~0|none~1|+|none~0|none~1|none~2|^|", 'unexpected "|" after the cell'],
  ["|none~0|+|none~0|none~1|+|none~0|none~1|none~2|^+|none~0|", 'unexpected "+|none~0|" after the cell'],
  ["|none~0|+|none~0|none~1|+|none~0|none~1|none~2|^\n", "a space does not belong here"],
  ["^ |none~0|+|none~0|none~1|+|none~0|none~1|none~2|", "a space does not belong here"],
  ["|^ none~0|+|none~0|none~1|+|none~0|none~1|none~2|", "a space does not belong here"],
  ["|none^ ~0|+|none~0|none~1|+|none~0|none~1|none~2|", "a space does not belong here"],
  ["|none~^ 0|+|none~0|none~1|+|none~0|none~1|none~2|", "a space does not belong here"],
  ["|none~0^ |+|none~0|none~1|+|none~0|none~1|none~2|", "a space does not belong here"],
  ["|none~0|+|none~0|nor^\tconv~1|+|none~0|none~1|none~2|", "a space does not belong here"],
  ["^[3, 0, 2, 1, 0, 4]", 'expected "|", found "["'],
  ["^|none~0|+|none~0|none~1|+|none~0|none~1|none~2|".replace("|none~0|+", "none+"), 'expected "|", found "n"'],
])("%j", (marked, message, position = marked.indexOf("^")) => {
  const text = marked.replace("^", "");
  const error = errorOf(text);
  expect(error.code).toBe("NAS_ARCHITECTURE_SYNTAX");
  expect(error.details.what).toContain(message);
  expect(error.details.what).toContain(`(character ${position + 1})`);
  // The caret stands under the first wrong character, also where the string holds a line break.
  const [line, caret, ...others] = (error.details.where ?? "").split("\n");
  expect(line).toBe(text.replace("\n", "␊").replace("\t", "␉"));
  expect(caret).toBe(`${" ".repeat(position)}^`);
  expect(others).toEqual([]);
  expect(error.details.allowed).toBeTruthy();
  expect(error.details.next).toContain("|op~0|+|op~0|op~1|+|op~0|op~1|op~2|");
});

test("every prefix of a string is refused at its end or at what it cut", () => {
  for (let length = 0; length < GOOD.length; length++) {
    expect(errorOf(GOOD.slice(0, length)).details.where).toMatch(/\n *\^$/);
  }
  expect(parseArchitecture(GOOD)).toBeGreaterThanOrEqual(0);
});

test("a long text is not repeated in full", () => {
  for (const text of ["x".repeat(1_000_000), `${GOOD}${"y".repeat(1_000_000)}`, `|none~${"7".repeat(1_000_000)}`]) {
    expect(JSON.stringify(errorOf(text).toReport()).length).toBeLessThan(1000);
  }
});

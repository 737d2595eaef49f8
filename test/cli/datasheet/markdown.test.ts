import { expect, test } from "vitest";
import {
  bullets,
  code,
  counted,
  escaped,
  fixed,
  listed,
  paragraphs,
  percentage,
  table,
} from "../../../core/cli/datasheet/markdown.ts";

test("numbers have fixed digits, groups of three and no negative zero", () => {
  expect([fixed(1234.567), fixed(-0.001), fixed(-1234.5, 0), fixed(0.5, 3)]).toEqual([
    "1,234.57",
    "0.00",
    "-1,235",
    "0.500",
  ]);
  expect([fixed(-0.004, 2), fixed(-0.006, 2), fixed(null)]).toEqual(["0.00", "-0.01", "–"]);
  expect([percentage(0.1234), percentage(1, 0), percentage(null)]).toEqual(["12.3 %", "100 %", "–"]);
});

test("counts and lists in words", () => {
  expect([counted(1, "class", "classes"), counted(6466, "class", "classes"), counted(0, "seed")]).toEqual([
    "1 class",
    "6,466 classes",
    "0 seeds",
  ]);
  expect([listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])]).toEqual([
    "",
    "a",
    "a and b",
    "a, b and c",
  ]);
});

test("text of others is no markup", () => {
  expect(escaped("<b>|x|</b>\n# y")).toBe("&lt;b&gt;\\|x\\|&lt;/b&gt;\uFFFD# y");
  expect(code("a`b|c\nd")).toBe("`a'b\\|c\uFFFDd`");
});

test("blocks end with an empty line, and empty ones are none", () => {
  expect(table(["name", "n"], [["a", "1"]])).toEqual(["| name | n |", "| --- | ---: |", "| a | 1 |", ""]);
  expect(paragraphs("a", "", "b")).toEqual(["a", "", "b", ""]);
  expect(bullets([])).toEqual([]);
  expect(bullets(["a", "b"])).toEqual(["- a", "- b", ""]);
});

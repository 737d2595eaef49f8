import { describe, expect, test } from "vitest";
import { readGuestMessage } from "../../core/isolation/wire-message.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { expectPresentable } from "./expect-presentable.ts";

const ask = { type: "ask", run: 0, architecture: 5, epochs: 12 };
const answer = { type: "answer", run: 0, architecture: null };
const error = { type: "error", run: 0, step: "ask", message: "made up" };
const ready = { type: "ready", version: 1, client: "made-up 1.0" };

const NO_JSON = "a line that is no JSON";
const NO_TYPE = "of none of the types ready, ask, answer, error";

test.each<[string, unknown, string]>([
  ["nothing", "", NO_JSON],
  ["what is meant for people", "Evaluating 5 ...", NO_JSON],
  ["a message without its end", '{"type":"ask","run":0', NO_JSON],
  ["two messages", `${JSON.stringify(ask)}${JSON.stringify(ask)}`, NO_JSON],
  ["a byte order mark", `\ufeff${JSON.stringify(ask)}`, NO_JSON],
  ["NaN", '{"type":"ask","run":0,"architecture":NaN,"epochs":12}', NO_JSON],
  ["null", null, NO_TYPE],
  ["a number", 5, NO_TYPE],
  ["a bare text", '"ask"', NO_TYPE],
  ["a list", [ask], NO_TYPE],
  ["an object without a type", {}, NO_TYPE],
  ["a type that is no text", { ...ask, type: ["ask"] }, NO_TYPE],
  ["an unknown type", { ...ask, type: "propose" }, NO_TYPE],
  ["a type in capitals", { ...ask, type: "ASK" }, NO_TYPE],
  ["the type __proto__", { ...ask, type: "__proto__" }, NO_TYPE],
  ["the type constructor", { ...ask, type: "constructor" }, NO_TYPE],
  ["a message of the harness", { type: "finish", run: 0 }, NO_TYPE],
  ["no run", { ...ask, run: undefined }, 'the field "run" is missing'],
  ["no epochs", { ...ask, epochs: undefined }, 'the field "epochs" is missing'],
  ["no architecture", { ...answer, architecture: undefined }, 'the field "architecture" is missing'],
  ["a negative run", { ...ask, run: -1 }, "run: -1 is less than 0"],
  ["a fraction of a run", { ...ask, run: 0.5 }, "run: 0.5 is not of type integer"],
  ["a run past 32 bits", { ...answer, run: 2 ** 32 }, "run: 4294967296 is more than 4294967295"],
  [
    "no architecture in a proposal",
    { ...ask, architecture: null },
    "architecture: null is not of type number or string",
  ],
  [
    "choices",
    { ...ask, architecture: [3, 0, 4, 0, 0, 2] },
    "architecture: [3,0,4,0,0,2] is not of type number or string",
  ],
  ["epochs as a list", { ...ask, epochs: [12] }, "epochs: [12] is not of type number or string"],
  [
    "a number past all numbers",
    '{"type":"ask","run":0,"architecture":5,"epochs":1e999}',
    "is not of type number or string",
  ],
  ["a field too many", { ...ask, accuracy: 99 }, 'unknown field "accuracy"'],
  ["a field __proto__", '{"type":"answer","run":0,"architecture":5,"__proto__":{}}', 'unknown field "__proto__"'],
  ["negative time", { ...answer, cpuSeconds: -1 }, "cpuSeconds: -1 is less than 0"],
  ["an unknown step", { ...error, step: "start" }, 'step: "start" is not allowed'],
  ["a message of more than 4000 characters", { ...error, message: "x".repeat(4001) }, "has more characters than 4000"],
  ["mutated as text", { ...error, mutated: "yes" }, 'mutated: "yes" is not of type boolean'],
  ["version 0", { ...ready, version: 0 }, "version: 0 is less than 1"],
  ["a client without a name", { ...ready, client: "" }, 'client: "" is empty'],
])("a method that sends %s is told so", (_, sent, complaint) => {
  const line = typeof sent === "string" ? sent : JSON.stringify(sent);
  const refusal = harnessErrorOf(() => readGuestMessage(line));
  expect(refusal.details.what).toMatch(/^the method sent /);
  expect(refusal.details.what).toContain(complaint);
  expect(refusal.details.where?.slice(0, 20)).toBe(JSON.stringify(line).slice(0, 20));
  expectPresentable(refusal);
});

describe("an error stays short and harmless", () => {
  const withField = (name: string) => JSON.stringify({ ...ask, [name]: 1 });
  test.each([
    ["a long text", "x".repeat(65_536)],
    ["a long run that is cut within a character", JSON.stringify({ ...ask, run: `${"x".repeat(55)}😀😀😀😀` })],
    ["a long name of a field", withField("x".repeat(60_000))],
    ["thousands of fields", `{"type":"ask",${Array.from({ length: 5000 }, (_, at) => `"f${at}":1`).join()}}`],
    ["half a character", withField("\ud83d")],
    ["what clears a terminal, in a name", withField("\u001b[2J")],
    ["what clears a terminal, in no JSON", "\u009b2J\u007f\u001b[2J"],
    ["a list in a list and so on", JSON.stringify(ask).replace("5", `${"[".repeat(30_000)}${"]".repeat(30_000)}`)],
    ["lists without an end", "[".repeat(65_536)],
  ])("about %s", (_, line) => {
    expectPresentable(harnessErrorOf(() => readGuestMessage(line)));
  });
});

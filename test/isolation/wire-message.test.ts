import fc from "fast-check";
import { expect, test } from "vitest";
import { formatMessage, readGuestMessage, readHostMessage } from "../../core/isolation/wire-message.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { examples } from "../schemas/example-files.ts";
import { expectPresentable } from "./expect-presentable.ts";

const HOST_TYPES = ["cancel", "finish", "hello", "start", "stop", "tell"];
const GUEST_TYPES = ["answer", "ask", "error", "ready"];
const VALID = examples("wire-message", "valid").map(({ document }) => document as ReturnType<typeof readGuestMessage>);
const isFromGuest = ({ type }: { type: string }) => GUEST_TYPES.includes(type);

test("each type of message is read as it was written, by the side that it is for", () => {
  const types = new Set(VALID.map(({ type }) => type as string));
  expect([...types].sort()).toEqual([...GUEST_TYPES, ...HOST_TYPES].sort());
  for (const message of VALID) {
    const line = formatMessage(message);
    expect(line.indexOf("\n")).toBe(line.length - 1);
    const [read, misread] = [readGuestMessage, readHostMessage];
    expect((isFromGuest(message) ? read : misread)(line)).toEqual(message);
    const refusal = harnessErrorOf(() => (isFromGuest(message) ? misread : read)(line));
    expect(refusal.details.what).toContain((isFromGuest(message) ? HOST_TYPES : GUEST_TYPES)[0]);
    expectPresentable(refusal);
  }
});

test("any text and any finite number in a message survives, on one line", () => {
  const text = fc.string({
    unit: fc.oneof(fc.string({ unit: "binary", size: "small" }), fc.constantFrom("\n", "\ud800")),
  });
  // JSON writes -0 as 0.
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  fc.assert(
    fc.property(fc.oneof(text, number), number, text, (architecture, epochs, dataset) => {
      const line = formatMessage({ type: "ask", run: 7, architecture, epochs, dataset });
      expect(line.indexOf("\n")).toBe(line.length - 1);
      expect(readGuestMessage(line)).toEqual({ type: "ask", run: 7, architecture, epochs, dataset });
    }),
  );
});

test("any line is a message or NAS_GUEST_MESSAGE", () => {
  const spoilt = fc
    .tuple(fc.constantFrom(...VALID), fc.nat(), fc.constantFrom("", "", "0", '"', ",", "-", "}", "x"), fc.nat(1))
    .map(([message, where, inserted, removed]) => {
      const line = JSON.stringify(message);
      const at = where % line.length;
      return line.slice(0, at) + inserted + line.slice(at + removed);
    });
  const type = fc.constantFrom(...HOST_TYPES, ...GUEST_TYPES);
  const anything = fc.tuple(type, fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()));
  const object = anything.map(([own, fields]) => JSON.stringify({ ...fields, type: own }));
  const line = fc.oneof(fc.string({ unit: "binary" }), fc.json(), object, { arbitrary: spoilt, weight: 3 });
  const seen = { read: 0, refused: 0 };
  fc.assert(
    fc.property(line, fc.constantFrom(readGuestMessage, readHostMessage), (text, read) => {
      let message: unknown = null;
      try {
        message = read(text);
        seen.read++;
      } catch {
        expectPresentable(harnessErrorOf(() => read(text)));
        seen.refused++;
      }
      if (message !== null) expect(message).toEqual(JSON.parse(text));
    }),
    { numRuns: 1000, seed: 8 },
  );
  expect(seen.read).toBeGreaterThan(50);
  expect(seen.refused).toBeGreaterThan(300);
});

import { expect, test } from "vitest";
import { withCanonicalNaN } from "../../core/training/canonical-nan.ts";

test("every NaN gets the same bits and nothing else changes", () => {
  const bits = Uint32Array.of(0x7fc00000, 0xffc00000, 0x7f800001, 0x7f800000, 0xff800000, 0x80000000, 0x3f800000, 1);
  const values = new Float32Array(bits.buffer.slice(0));
  const canonical = withCanonicalNaN(values);
  expect([...new Uint32Array(canonical.buffer)]).toEqual([0x7fc00000, 0x7fc00000, 0x7fc00000, ...bits.subarray(3)]);
  expect([...new Uint32Array(values.buffer)]).toEqual([...bits]);
});

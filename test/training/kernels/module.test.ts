import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { KERNELS_FILE } from "../../../core/training/kernels/kernel-module.ts";
import { KERNEL_BODIES } from "../../../core/training/wasm-kernels.ts";
import { runKernel, tf } from "./kernel-run.ts";

/** Ids of the sections of a WebAssembly module, in its binary format. */
function sectionIds(bytes: Uint8Array): number[] {
  const ids: number[] = [];
  for (let at = 8; at < bytes.length; ) {
    ids.push(bytes[at++] as number);
    let [length, shift, byte] = [0, 0, 0];
    do {
      byte = bytes[at++] as number;
      length |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte >= 0x80);
    at += length;
  }
  return ids;
}

test("every kernel is registered and run by a test of this folder", () => {
  const registered = tf.getKernelsForBackend("wasm").map(({ kernelName }) => kernelName);
  const sources = readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith(".test.ts") && name !== path.basename(import.meta.filename))
    .map((name) => readFileSync(path.join(import.meta.dirname, name), "utf8"))
    .join("\n");
  for (const name of Object.keys(KERNEL_BODIES)) {
    expect(registered).toContain(name);
    expect(sources).toMatch(new RegExp(`runKernel\\(\\s*"${name}"`));
  }
  expect(registered.filter((name) => name.startsWith("Nas")).sort()).toEqual(Object.keys(KERNEL_BODIES).sort());
});

test("the module brings no data of its own, which would overwrite the backend's memory, and starts nothing", () => {
  const [start, data] = [8, 11];
  const ids = sectionIds(readFileSync(KERNELS_FILE));
  expect(ids).toContain(10);
  expect(ids).not.toContain(start);
  expect(ids).not.toContain(data);
});

test("a kernel without one of its inputs fails instead of reading any address", async () => {
  await expect(runKernel("NasAdd", {})).rejects.toThrow("a kernel input is missing");
});

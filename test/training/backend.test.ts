import { expect, test } from "vitest";
import { openBackend, type Tf, wasmBackend } from "../../core/training/backend.ts";
import { Arena } from "../../core/training/kernel-memory.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";

test.each(["cpu", "wasm"] as const)("the backend %s starts, can be opened again, and computes", async (name) => {
  await openBackend(name);
  const { tf, name: opened } = await openBackend(name);
  expect(opened).toBe(name);
  expect(tf.getBackend()).toBe(name);
  expect(tf.tidy(() => [...tf.add([1, 2], [3, 4]).dataSync()])).toEqual([4, 6]);
});

test("gradients are registered, which tfjs-core alone lacks in Node", async () => {
  const { tf } = await openBackend("cpu");
  expect(
    tf.tidy(() => [
      ...tf
        .grad((x) => tf.square(x))(tf.tensor1d([3]))
        .dataSync(),
    ]),
  ).toEqual([6]);
});

test("the wasm backend of the pinned version offers what the kernels need", async () => {
  const { tf } = await openBackend("wasm");
  const backend = wasmBackend(tf);
  const info = backend.makeOutput([3], "float32");
  const pointer = backend.dataIdMap.get(info.dataId).memoryOffset;
  const tensor = tf.engine().makeTensorFromTensorInfo(info);
  new Float32Array(backend.wasm.asm.memory.buffer, pointer, 3).set([1, 2, 3]);
  expect([...tensor.dataSync()]).toEqual([1, 2, 3]);
  tensor.dispose();
});

test("it computes with SIMD and without threads, which do not work in Node", async () => {
  const { tf } = await openBackend("wasm");
  expect(await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")).toBe(true);
  expect("PThread" in wasmBackend(tf).wasm).toBe(false);
});

/** tfjs as far as wasmBackend looks at it, with a backend that lacks something. */
function tfWith(backend: object): Tf {
  return { backend: () => backend } as unknown as Tf;
}

test("a backend that hides its memory is an environment error that says what to do", async () => {
  const { tf } = await openBackend("wasm");
  const { wasm, dataIdMap, makeOutput } = wasmBackend(tf);
  for (const changed of [
    {},
    { dataIdMap, makeOutput },
    { wasm: { ...wasm, asm: {} }, dataIdMap, makeOutput },
    { wasm: { asm: wasm.asm }, dataIdMap, makeOutput },
    { wasm, makeOutput },
    { wasm, dataIdMap },
  ]) {
    const error = harnessErrorOf(() => wasmBackend(tfWith(changed)));
    expect(error.code).toBe("NAS_TRAINING_BACKEND");
    expect(error.exitCode).toBe(4);
    expect(error.details.next).toContain("npm ci");
  }
  expect(wasmBackend(tfWith({ wasm, dataIdMap, makeOutput })).wasm).toBe(wasm);
});

test("the cpu backend is refused where the wasm backend is needed", async () => {
  const { tf } = await openBackend("cpu");
  expect(harnessErrorOf(() => wasmBackend(tf)).code).toBe("NAS_TRAINING_BACKEND");
});

test("a backend without any memory left is an environment error", async () => {
  const { tf } = await openBackend("wasm");
  const backend = wasmBackend(tf);
  const full = { ...backend, wasm: { asm: backend.wasm.asm, _malloc: () => 0, _free: () => {} } };
  const error = harnessErrorOf(() => new Arena(full).value([1000]));
  expect(error.code).toBe("NAS_TRAINING_BACKEND");
  expect(error.details.next).toContain("smaller batch");
});

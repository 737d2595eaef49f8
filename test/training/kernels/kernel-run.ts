import type { Tensor } from "@tensorflow/tfjs";
import { openBackend, wasmBackend } from "../../../core/training/backend.ts";
import { KernelHost } from "../../../core/training/kernel-memory.ts";
import { type KernelName, registerKernels } from "../../../core/training/wasm-kernels.ts";
import type { PlainValues } from "./plain-values.ts";

const { tf } = await openBackend("wasm");

/** The kernels' host, as the registered kernels have it. */
export const host: KernelHost = new KernelHost(wasmBackend(tf), null);
registerKernels(tf, host);

/** `tf.tidy` for results that are no tensors. */
function tidily<T>(body: () => T): T {
  return tf.tidy(body as never) as T;
}

/** A tensor's values and shape. */
function plain(tensor: Tensor): PlainValues {
  return { data: tensor.dataSync().slice() as Float32Array, shape: [...tensor.shape] };
}

function tensorOf({ data, shape }: PlainValues): Tensor {
  return tf.tensor(data, [...shape]);
}

/** Runs a kernel through tfjs's registry on the wasm backend. */
export async function runKernel(
  name: KernelName,
  inputs: Readonly<Record<string, PlainValues>>,
  attributes: Readonly<Record<string, number>> = {},
): Promise<PlainValues[]> {
  await tf.setBackend("wasm");
  return tidily(() => {
    const tensors = Object.fromEntries(Object.entries(inputs).map(([key, values]) => [key, tensorOf(values)]));
    return [tf.engine().runKernel(name, tensors, attributes)].flat().map((tensor) => plain(tensor as Tensor));
  });
}

/** Runs a function of tensors on the cpu backend. */
export async function runOnCpu(
  body: (...inputs: Tensor[]) => Tensor,
  ...inputs: readonly PlainValues[]
): Promise<PlainValues> {
  await tf.setBackend("cpu");
  return tidily(() => plain(body(...inputs.map(tensorOf))));
}

/** Output of a function on the cpu backend and, by tfjs's autodiff, the gradients of its inputs for an output gradient. */
export async function gradientsOnCpu(
  body: (...inputs: Tensor[]) => Tensor,
  inputs: readonly PlainValues[],
  outGradient: PlainValues,
): Promise<{ output: PlainValues; gradients: PlainValues[] }> {
  await tf.setBackend("cpu");
  return tidily(() => {
    const tensors = inputs.map(tensorOf);
    const gradients = tf.grads(body)(tensors, tensorOf(outGradient));
    return { output: plain(body(...tensors)), gradients: gradients.map(plain) };
  });
}

/** A function that works on the memory of the wasm backend: values go in, the same places are read afterwards. */
export async function onKernelMemory(
  body: (...pointers: number[]) => void,
  ...values: readonly (Float32Array | Int32Array)[]
): Promise<Float32Array[]> {
  await tf.setBackend("wasm");
  return tidily(() => {
    const tensors = values.map((data) => tf.tensor1d(data, data instanceof Int32Array ? "int32" : "float32"));
    body(...tensors.map((tensor) => host.at(tensor)));
    return tensors.map((tensor) => host.view(tensor).slice());
  });
}

export { tf };

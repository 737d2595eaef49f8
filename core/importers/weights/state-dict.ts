import { HarnessError } from "../../errors/harness-error.ts";
import type { NpyArray } from "../../files/npy-file.ts";
import { PickleDict, type PickleValue } from "../../files/pickle/pickle-values.ts";
import { tensorOf } from "./torch-names.ts";
import { tensorArray } from "./torch-tensor.ts";

/**
 * The arrays of a PyTorch state dict by name, in its order. Numbers of 16 bits become float32.
 * @param where names file and training in errors
 * @throws NAS_WEIGHTS if something in it is no tensor
 */
export function stateDictArrays(state: PickleValue, where: string): Map<string, NpyArray> {
  const fault = (what: string) =>
    new HarnessError("NAS_WEIGHTS", {
      what,
      where,
      allowed: "a state dict of PyTorch: names with tensors",
      next: "get the file from its source again",
    });
  if (!(state instanceof PickleDict)) throw fault("net_state_dict is no dict");
  const arrays = new Map<string, NpyArray>();
  for (const [at, name] of state.keys.entries()) {
    if (typeof name !== "string" || !/^[\w.-]{1,200}$/.test(name)) throw fault("a tensor has a name that is none");
    if (arrays.has(name)) throw fault(`${name} is there twice`);
    const tensor = tensorOf(state.values[at]);
    const array = tensor === null ? null : tensorArray(tensor);
    if (array === null) throw fault(`${name} is no tensor`);
    arrays.set(name, array);
  }
  if (arrays.size === 0) throw fault("net_state_dict is empty");
  return arrays;
}

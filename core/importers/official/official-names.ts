import { type KnownNames, makeOrderedDict } from "../../files/pickle/known-names.ts";
import type { Maker } from "../../files/pickle/numpy-objects.ts";
import type { PickleOptions } from "../../files/pickle/pickle-machine.ts";

/** What stands for a tensor that nobody asked for. */
const passOver: Maker = () => null;

/** Names of torch that stand in files with weights. */
const TORCH_NAMES: KnownNames = new Map<string, Maker | null>([
  ["torch._utils _rebuild_tensor", passOver],
  ["torch._utils _rebuild_tensor_v2", passOver],
  ["torch._utils _rebuild_parameter", passOver],
  ["torch.storage _load_from_bytes", passOver],
  ["torch FloatStorage", null],
  ["torch LongStorage", null],
  ["torch IntStorage", null],
  ["torch DoubleStorage", null],
  ["torch HalfStorage", null],
]);

/** What an official file may call upon: an OrderedDict, and tensors, which are passed over. */
export const OFFICIAL_PICKLE: PickleOptions = {
  names: new Map<string, Maker | null>([["collections OrderedDict", makeOrderedDict], ...TORCH_NAMES]),
  persistent: () => null,
};

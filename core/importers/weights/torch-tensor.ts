import type { NpyArray, NpyValues } from "../../files/npy-file.ts";
import type { TorchStorage } from "./torch-storage.ts";

/** A tensor of PyTorch: a window on a storage. */
export interface TorchTensor {
  readonly storage: TorchStorage;
  /** Element of the storage at which it begins. */
  readonly offset: number;
  readonly shape: readonly number[];
  /** Elements of the storage from one position of an axis to the next. */
  readonly strides: readonly number[];
}

const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0;

/** What is wrong with a tensor's window on its storage; null if nothing is. */
export function tensorFault({ storage, offset, shape, strides }: TorchTensor): string | null {
  if (![offset, ...shape, ...strides].every(isCount) || shape.length !== strides.length)
    return `a tensor has the shape [${shape}], strides [${strides}] and offset ${offset}`;
  const count = shape.reduce((product, length) => product * length, 1);
  if (count === 0) return null;
  const last = shape.reduce((at, length, axis) => at + (length - 1) * (strides[axis] as number), offset);
  if (last < storage.elements && count <= storage.elements) return null;
  return `a tensor [${shape}] with strides [${strides}] from ${offset} on does not fit in a storage of ${storage.elements}`;
}

/** Elements of the tensor in the order of its axes, the last one fastest. */
function gathered<T extends NpyValues>(values: T, { offset, shape, strides }: TorchTensor): T {
  const count = shape.reduce((product, length) => product * length, 1);
  const target = values.slice(0, count) as T;
  const position = shape.map(() => 0);
  let from = offset;
  for (let to = 0; to < count; to++) {
    target[to] = values[from] as T[number];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const stride = strides[axis] as number;
      position[axis] = (position[axis] as number) + 1;
      from += stride;
      if ((position[axis] as number) < (shape[axis] as number)) break;
      from -= stride * (shape[axis] as number);
      position[axis] = 0;
    }
  }
  return target;
}

/** A tensor as an array of its own; null if its storage has no content. The tensor has no {@link tensorFault}. */
export function tensorArray(tensor: TorchTensor): NpyArray | null {
  const values = tensor.storage.values();
  return values === null ? null : { shape: tensor.shape, values: gathered(values, tensor) };
}

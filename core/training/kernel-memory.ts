import { HarnessError } from "../errors/harness-error.ts";
import type { TensorInfo, WasmBackend } from "./backend.ts";
import { instantiateKernels, type Kernels, type Pointer } from "./kernels/kernel-module.ts";
import type { Value } from "./operations.ts";

/** Scratch bytes for the kernels: taps, 5 x channels floats, logits. */
const SCRATCH_BYTES = 65_536;
/** Values start at cache lines. */
const ALIGNMENT = 64;
const SMALLEST_CHUNK_BYTES = 4_194_304;

/** Values in an {@link Arena}. */
export class ArenaValue implements Value {
  readonly shape: number[];
  readonly size: number;
  readonly pointer: Pointer;

  constructor(shape: readonly number[], pointer: Pointer) {
    this.shape = [...shape];
    this.size = shape.reduce((product, length) => product * length, 1);
    this.pointer = pointer;
  }
}

/** What kernels take and give, always float32: values in an arena, or a tensor of tfjs. */
export type Operand = Value | TensorInfo;

function allocate(backend: WasmBackend, bytes: number): Pointer {
  const pointer = backend.wasm._malloc(bytes) >>> 0;
  if (pointer !== 0) return pointer;
  throw new HarnessError("NAS_TRAINING_BACKEND", {
    what: `the TensorFlow.js wasm backend has no ${bytes} bytes left`,
    next: "choose a smaller batch or network",
  });
}

/**
 * Memory for the values between the layers, all given back at once when a step ends. tfjs keeps books of each tensor in weak
 * maps, which costs about 3 µs a tensor: at 8 channels more than a tenth of a step.
 */
export class Arena {
  readonly #backend: WasmBackend;
  #chunks: { readonly start: Pointer; readonly bytes: number }[] = [];
  /** Bytes taken of the last chunk. */
  #used = 0;

  constructor(backend: WasmBackend) {
    this.#backend = backend;
  }

  /** New values with undefined content, which last until {@link reset}. @throws NAS_TRAINING_BACKEND out of memory */
  value(shape: readonly number[]): ArenaValue {
    const bytes = shape.reduce((product, length) => product * length, 4);
    const chunk = this.#chunks.at(-1);
    if (chunk === undefined || this.#used + bytes > chunk.bytes) return this.#valueInNewChunk(shape, bytes);
    const value = new ArenaValue(shape, chunk.start + this.#used);
    this.#used = Math.ceil((this.#used + bytes) / ALIGNMENT) * ALIGNMENT;
    return value;
  }

  /** Gives all values back. Their memory stays, in one piece, for the next step. */
  reset(): void {
    this.#used = 0;
    if (this.#chunks.length <= 1) return;
    const bytes = this.#chunks.reduce((total, chunk) => total + chunk.bytes, 0);
    for (const { start } of this.#chunks) this.#backend.wasm._free(start);
    this.#chunks = [];
    this.#addChunk(bytes);
  }

  #valueInNewChunk(shape: readonly number[], bytes: number): ArenaValue {
    this.#addChunk(Math.max(SMALLEST_CHUNK_BYTES, bytes));
    this.#used = 0;
    return this.value(shape);
  }

  #addChunk(bytes: number): void {
    this.#chunks.push({ start: allocate(this.#backend, bytes), bytes });
  }
}

/** Where a kernel's body gets pointers, outputs and temporary memory from. */
export class KernelHost {
  readonly kernels: Kernels;
  readonly scratch: Pointer;
  readonly #backend: WasmBackend;
  readonly #arena: Arena | null;

  /** @param arena where outputs go; null makes them tensors of tfjs */
  constructor(backend: WasmBackend, arena: Arena | null) {
    this.#backend = backend;
    this.#arena = arena;
    this.kernels = instantiateKernels(backend.wasm.asm.memory);
    this.scratch = allocate(backend, SCRATCH_BYTES);
  }

  /** Where values are. */
  at(operand: Operand | undefined): Pointer {
    if (operand === undefined) throw new Error("a kernel input is missing");
    return operand instanceof ArenaValue
      ? operand.pointer
      : this.#backend.dataIdMap.get((operand as TensorInfo).dataId).memoryOffset;
  }

  /** A new output with undefined content. */
  output(shape: readonly number[]): Operand {
    return this.#arena?.value(shape) ?? this.#backend.makeOutput([...shape], "float32");
  }

  /** Runs with temporary memory of so many floats. */
  withMemory<T>(floats: number, body: (pointer: Pointer) => T): T {
    const pointer = allocate(this.#backend, floats * 4);
    try {
      return body(pointer);
    } finally {
      this.#backend.wasm._free(pointer);
    }
  }

  /** Values as a view that is valid until the memory grows. */
  view(operand: Operand): Float32Array {
    return new Float32Array(this.#backend.wasm.asm.memory.buffer, this.at(operand), sizeOf(operand));
  }

  /** An integer at the start of the scratch area's last bytes: the count of correct predictions. */
  get correctCounter(): Pointer {
    return this.scratch + SCRATCH_BYTES - 4;
  }

  /** Reads and clears {@link correctCounter}. */
  takeCorrect(): number {
    const view = new Int32Array(this.#backend.wasm.asm.memory.buffer, this.correctCounter, 1);
    const count = view[0] as number;
    view[0] = 0;
    return count;
  }
}

/** Shape of a kernel's input. */
export function shapeOf(operand: Operand | undefined): number[] {
  if (operand === undefined) throw new Error("a kernel input is missing");
  return operand.shape;
}

/** Number of floats. */
export function sizeOf(operand: Operand | undefined): number {
  return shapeOf(operand).reduce((product, length) => product * length, 1);
}

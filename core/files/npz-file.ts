import { zipSync } from "fflate";
import { arrayFileFault, decodeNpy, encodeNpy, type NpyArray } from "./npy-file.ts";
import { zipEntries } from "./zip-entries.ts";

/** Of every entry, so that the same arrays give the same bytes: the first day that a zip file can name, at noon. */
const TIME = new Date(1980, 0, 1, 12);

/**
 * Arrays as an .npz file, which numpy.load reads: a zip file with one stored .npy file for each array, in the map's order.
 * The same arrays give the same bytes anywhere.
 * @param arrays by name
 */
export function encodeNpz(arrays: ReadonlyMap<string, NpyArray>): Uint8Array {
  const entries = [...arrays].map(([name, array]) => [`${name}.npy`, encodeNpy(array)] as const);
  return zipSync(Object.fromEntries(entries), { level: 0, mtime: TIME });
}

/**
 * The arrays of an .npz file by name, in the file's order, as this project or numpy (savez, savez_compressed) wrote it.
 * @param file its name, for messages
 * @throws NAS_ARRAY_FILE
 */
export function decodeNpz(bytes: Uint8Array, file: string): Map<string, NpyArray> {
  const arrays = new Map<string, NpyArray>();
  const fault = (what: string) => arrayFileFault(what, file);
  for (const { name, content } of zipEntries(bytes, fault)) {
    const array = /^(.+)\.npy$/.exec(name)?.[1];
    if (array === undefined) throw fault(`"${name}" in it is no array`);
    if (arrays.has(array)) throw fault(`the array ${array} is there twice`);
    arrays.set(array, decodeNpy(content(), `${file}, array ${array}`));
  }
  return arrays;
}

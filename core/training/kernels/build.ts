/**
 * Compiles `assembly/` to `kernels.wasm` with AssemblyScript. Without arguments it only checks that the committed module is
 * current; `--write` rewrites it. The same compiler version gives the same bytes on every machine.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import asc from "assemblyscript/asc";
import { KERNELS_FILE } from "./kernel-module.ts";

const SOURCE = path.join(import.meta.dirname, "assembly");

async function compile(): Promise<Uint8Array> {
  const outputs = new Map<string, string | Uint8Array>();
  const options = ["--importMemory", "--initialMemory", "16", "--runtime", "stub", "--noAssert", "--enable", "simd"];
  const { error, stderr } = await asc.main(
    ["index.ts", "--outFile", "kernels.wasm", ...options, "--optimizeLevel", "3", "--shrinkLevel", "0", "--converge"],
    {
      readFile: (name, baseDir) => {
        const file = path.join(SOURCE, path.relative(".", path.join(baseDir, name)));
        return existsSync(file) ? readFileSync(file, "utf8") : null;
      },
      writeFile: (name, contents) => {
        outputs.set(name, contents);
      },
      listFiles: () => [],
    },
  );
  if (error !== null) throw new Error(`${error.message}\n${stderr.toString()}`);
  return outputs.get("kernels.wasm") as Uint8Array;
}

const wanted = Buffer.from(await compile());
const isCurrent = existsSync(KERNELS_FILE) && readFileSync(KERNELS_FILE).equals(wanted);
if (!isCurrent && process.argv.includes("--write")) {
  writeFileSync(KERNELS_FILE, wanted);
  process.stdout.write(`wrote kernels.wasm, ${wanted.length} bytes\n`);
} else if (!isCurrent) {
  process.stderr.write("core/training/kernels/kernels.wasm is stale. Run: npm run generate\n");
  process.exitCode = 1;
}

import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const TFJS = createRequire(import.meta.url).resolve("@tensorflow/tfjs");

/**
 * Main files of packages that take the place of tfjs-node, which can't be installed here: each behaves in one respect as
 * tfjs-node 4.22.0 does, which was looked up in its source. None of them computes by libtensorflow.
 */
export const NATIVE_MAINS = {
  /** As after npm install --ignore-scripts: an error without a code. */
  withoutAddon: `
    const addon = require("node:path").join(__dirname, "lib/napi-v8/tfjs_binding.node");
    throw new Error("The Node.js native addon module (tfjs_binding.node) can not be found at path: " + addon + ". \\nPlease run");`,
  /** An addon that the system's loader refuses. */
  brokenAddon: `
    require("node:fs").writeFileSync(__dirname + "/addon.node", "no shared library");
    module.exports = require("./addon.node");`,
  /** A dependency of its own is missing. */
  withoutDependency: `module.exports = require("a-package-that-nobody-has-installed");`,
  /** A library that ends the process, as one for another processor does. */
  deadly: `process.kill(process.pid, "SIGKILL"); while (true);`,
  /**
   * Loads: tfjs with a backend "tensorflow" that uses util.isNullOrUndefined and refuses padding in pixels. It computes by
   * the cpu backend.
   */
  standIn: `
    const tf = require(${JSON.stringify(TFJS)});
    const util = require("node:util");
    const padded = ["Conv2D", "Conv2DBackpropFilter", "Conv2DBackpropInput", "AvgPool", "AvgPoolGrad"];
    for (const kernel of tf.getKernelsForBackend("cpu")) {
      const kernelFunc = (call) => {
        if (util.isNullOrUndefined(call.inputs)) throw new Error("no inputs");
        if (padded.includes(kernel.kernelName) && call.attrs.pad !== "valid" && call.attrs.pad !== "same") {
          throw new Error("TF Backend supports only 'valid' and 'same' padding while padding was " + call.attrs.pad);
        }
        return kernel.kernelFunc(call);
      };
      tf.registerKernel({ ...kernel, kernelFunc, backendName: "tensorflow" });
    }
    tf.registerBackend("tensorflow", () => tf.findBackendFactory("cpu")(), 3);
    module.exports = tf;`,
  /** Loads, but its backend does not start. */
  withoutStart: `
    const tf = require(${JSON.stringify(TFJS)});
    tf.registerBackend("tensorflow", () => { throw new Error("no device"); }, 3);
    module.exports = tf;`,
} as const;

/** Writes such a package and returns its folder. @param modules a `node_modules` folder */
export function writeNativePackage(
  modules: string,
  name: "tfjs-node" | "tfjs-node-gpu",
  main: keyof typeof NATIVE_MAINS,
): string {
  const folder = path.join(modules, "@tensorflow", name);
  mkdirSync(folder, { recursive: true });
  const manifest = { name: `@tensorflow/${name}`, version: "4.22.0", main: "index.js" };
  writeFileSync(path.join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(path.join(folder, "index.js"), NATIVE_MAINS[main]);
  return folder;
}

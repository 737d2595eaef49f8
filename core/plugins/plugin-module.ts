import { registerHooks } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { AlgorithmManifest, DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import { type Algorithm, isAlgorithm } from "./algorithm.ts";
import { type Dataset, isDataset } from "./dataset.ts";
import type { Extension, HookTable } from "./hooks.ts";
import type { LocatedPlugin } from "./plugin-location.ts";

// The running file's own extension: .ts in the repository, .js in the published package.
const OWN_EXTENSION = path.extname(import.meta.filename);
const PUBLIC_ENTRIES: Readonly<Record<string, string>> = {
  "nas-harness": new URL(`../public-entry${OWN_EXTENSION}`, import.meta.url).href,
  "nas-harness/testing": new URL(`../testing-entry${OWN_EXTENSION}`, import.meta.url).href,
};

let registered = false;

/**
 * Makes every plugin's `import … from "nas-harness"` mean the running harness, wherever the plugin lies and whatever is
 * installed beside it: two copies would disagree about what an algorithm is.
 */
function resolveHarnessToItself(): void {
  if (registered) return;
  registered = true;
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const own = PUBLIC_ENTRIES[specifier];
      return own === undefined ? nextResolve(specifier, context) : { url: own, shortCircuit: true };
    },
  });
}

async function importDefault(file: string, what: string): Promise<unknown> {
  resolveHarnessToItself();
  try {
    return ((await import(pathToFileURL(file).href)) as { default?: unknown }).default;
  } catch (cause) {
    throw new HarnessError("NAS_PLUGIN_ENTRY", {
      what: `${what} can't be loaded: ${messageOf(cause)}`,
      where: file,
      allowed: "an ES module (.js, or .ts with erasable types only) that imports nas-harness and Node's own modules",
      next: "NAS_HARNESS_DEBUG=1 shows the error in full",
      cause,
    });
  }
}

/** Imports an algorithm's entry. @throws NAS_PLUGIN_ENTRY, also for an algorithm that is a program of its own */
export async function loadAlgorithm(
  plugin: Pick<LocatedPlugin, "folder"> & { readonly manifest: Pick<AlgorithmManifest, "name" | "entry"> },
): Promise<Algorithm> {
  const { name, entry } = plugin.manifest;
  if (entry === undefined) {
    throw new HarnessError("NAS_PLUGIN_ENTRY", {
      what: `algorithm ${name} is a program of its own: it can't be loaded into this process`,
      where: plugin.folder,
      next: "leave out --isolation none",
    });
  }
  const file = path.resolve(plugin.folder, entry);
  const exported = await importDefault(file, `the entry of algorithm ${plugin.manifest.name}`);
  if (isAlgorithm(exported)) return exported;
  throw new HarnessError("NAS_PLUGIN_ENTRY", {
    what: `the entry of algorithm ${plugin.manifest.name} has no algorithm as its default export`,
    where: file,
    allowed: "export default defineAlgorithm({ create }) or defineAlgorithm({ search })",
    next: "CONTRIBUTING.md shows how to add an algorithm",
  });
}

/** Imports a dataset's entry. @throws NAS_PLUGIN_ENTRY */
export async function loadDataset(plugin: LocatedPlugin<DatasetManifest>): Promise<Dataset> {
  const { name, entry } = plugin.manifest;
  if (entry === undefined) {
    throw new HarnessError("NAS_PLUGIN_ENTRY", {
      what: `dataset ${name} brings no images: its manifest names no entry`,
      where: plugin.folder,
      next: "name a dataset with images (nas-harness list)",
    });
  }
  const file = path.resolve(plugin.folder, entry);
  const exported = await importDefault(file, `the entry of dataset ${name}`);
  if (isDataset(exported)) return exported;
  throw new HarnessError("NAS_PLUGIN_ENTRY", {
    what: `the entry of dataset ${name} has no dataset as its default export`,
    where: file,
    allowed: "export default defineDataset({ open })",
    next: "plugins/datasets holds examples",
  });
}

/** Imports extension modules and lets each tap its hooks. @throws NAS_PLUGIN_ENTRY, NAS_HOOK */
export async function applyExtensions(files: readonly string[], hooks: HookTable): Promise<void> {
  for (const file of files) {
    const exported = (await importDefault(path.resolve(file), "the extension")) as Extension | undefined;
    if (exported?.kind !== "nas-harness/extension" || typeof exported.apply !== "function") {
      throw new HarnessError("NAS_PLUGIN_ENTRY", {
        what: "the extension has no extension as its default export",
        where: path.resolve(file),
        allowed: "export default defineExtension({ name, apply(hooks) { hooks.tap(…) } })",
        next: "docs/architecture.md lists the hooks",
      });
    }
    try {
      exported.apply(hooks.forExtensions());
    } catch (cause) {
      if (cause instanceof HarnessError) throw cause;
      throw new HarnessError("NAS_HOOK", {
        what: `extension "${exported.name}" threw in apply: ${messageOf(cause)}`,
        where: path.resolve(file),
        next: "correct the extension, or run without it",
        cause,
      });
    }
  }
}

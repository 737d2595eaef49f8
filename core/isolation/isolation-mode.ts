import type { AlgorithmManifest } from "../../schemas/generated/plugin-manifest.ts";
import { HarnessError } from "../errors/harness-error.ts";
import type { LocatedPlugin } from "../plugins/plugin-location.ts";
import { whyNoBox } from "./bubblewrap.ts";
import type { Enclosure, GuestSettings } from "./guest-command.ts";

/**
 * How methods that are not built in are kept apart.
 * - `auto`: each in a process of its own, in a box where this machine makes one
 * - `strict`: in a box, or not at all
 * - `process`: in a process of its own, without a box
 * - `none`: inside the harness's workers, for looking into a method with a debugger
 */
export const ISOLATION_MODES = ["auto", "strict", "process", "none"] as const;

/** One of {@link ISOLATION_MODES}. */
export type IsolationMode = (typeof ISOLATION_MODES)[number];

/** What was decided for a method. */
export interface Isolation {
  /** Null: it runs inside the harness's workers. */
  readonly guest: GuestSettings | null;
  /** A sentence for the user where less was given than could be, otherwise null. */
  readonly remark: string | null;
}

/**
 * A box or a mere process, as a mode asks for.
 * @param name of what is kept apart, for the message
 * @returns with why there is no box; null where there is one
 * @throws NAS_ISOLATION if strict isolation is not to be had
 */
export function enclosureFor(
  mode: Exclude<IsolationMode, "none">,
  name: string,
): { readonly enclosure: Enclosure; readonly lack: string | null } {
  const lack = mode === "process" ? "it was asked for without one" : whyNoBox();
  if (lack === null) return { enclosure: "box", lack };
  if (mode !== "strict") return { enclosure: "process", lack };
  throw new HarnessError("NAS_ISOLATION", {
    what: `${name} can't be kept in a box here: ${lack}`,
    where: "--isolation strict",
    allowed: "bubblewrap (Debian's package bubblewrap) on Linux, and the right to make user namespaces",
    next: "docs/isolation.md says how to allow that; --isolation auto goes on without a box",
  });
}

/**
 * Decides how a method is kept apart. Built-in methods run inside the workers: they are the harness's own code.
 * @throws NAS_ISOLATION if strict isolation is not to be had, NAS_PLUGIN_CAPABILITY for a program without a process
 */
export function isolationOf(
  plugin: LocatedPlugin<AlgorithmManifest>,
  mode: IsolationMode,
  memoryLimitMb: number,
): Isolation {
  if (plugin.origin === "built-in") return { guest: null, remark: null };
  const { name, command } = plugin.manifest;
  if (mode === "none") {
    if (command === undefined) return { guest: null, remark: null };
    throw new HarnessError("NAS_PLUGIN_CAPABILITY", {
      what: `${name} is a program of its own: it can't run inside the harness`,
      next: "leave out --isolation none",
    });
  }
  const { enclosure, lack } = enclosureFor(mode, name);
  const remark =
    mode === "auto" && lack !== null
      ? `${name} runs in a process of its own, but not in a box: ${lack} (docs/isolation.md)`
      : null;
  return { guest: { enclosure, memoryLimitMb }, remark };
}

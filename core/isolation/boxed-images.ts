import { spawn } from "node:child_process";
import type { DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { SPLIT_NAMES } from "../plugins/dataset-splits.ts";
import type { LocatedPlugin } from "../plugins/plugin-location.ts";
import type { ImageSet } from "../training/image-set.ts";
import type { SplitImages } from "../training/trial.ts";
import { datasetGuestCommand, type GuestSettings } from "./guest-command.ts";
import { watchMemory } from "./memory-watch.ts";

/** Far more than reading or making images takes. */
const LIMIT_MS = 300_000;
const MOST_REPORT = 4000;
const BYTES_PER_MB = 1_048_576;

function failure(manifest: DatasetManifest, what: string, report: string): HarnessError {
  return new HarnessError("NAS_DATASET", {
    what: `the images of ${manifest.name} can't be read: ${what}`,
    ...(report.trim() === "" ? {} : { where: report.trim().split("\n").slice(-6).join("\n") }),
    allowed: "images of the shape and number that its manifest states, made or read from the plugin's own folder",
    next: `nas-harness check on the folder of ${manifest.name} shows more`,
  });
}

function divide(bytes: Buffer, { images: shape }: DatasetManifest): SplitImages {
  let at = 0;
  const take = (count: number) => {
    at += count;
    return new Uint8Array(bytes.subarray(at - count, at));
  };
  const sets = SPLIT_NAMES.map((split): [string, ImageSet] => {
    const { size, channels, classes } = shape;
    const count = shape[split];
    const pixels = take(count * size * size * channels);
    return [split, { pixels, labels: take(count), count, size, channels, classes }];
  });
  return Object.fromEntries(sets) as unknown as SplitImages;
}

/**
 * Reads a dataset's images in a process of its own, without network or table, as a method is kept apart: third-party code
 * only gives bytes. The manifest must hold; labels are not checked.
 * @throws NAS_DATASET, NAS_ISOLATION
 */
export function readImagesApart(plugin: LocatedPlugin<DatasetManifest>, settings: GuestSettings): Promise<SplitImages> {
  const { manifest } = plugin;
  const { size, channels, train, valid, test } = manifest.images;
  const expected = (train + valid + test) * (size * size * channels + 1);
  const { program, args, cwd, env } = datasetGuestCommand(plugin, settings);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: LIMIT_MS,
      killSignal: "SIGKILL",
    });
    const chunks: Buffer[] = [];
    let [received, report, ended] = [0, "", null as string | null];
    const end = (what: string) => {
      ended ??= what;
      child.kill("SIGKILL");
    };
    const unwatch =
      child.pid === undefined
        ? () => {}
        : watchMemory(child.pid, settings.memoryLimitMb * BYTES_PER_MB + 2 * expected, () =>
            end("it used too much memory"),
          );
    child.stdout.on("data", (chunk: Buffer) => {
      received += chunk.length;
      if (received > expected) end("it gave more bytes than its manifest states");
      else chunks.push(chunk);
    });
    child.stderr.on("data", (text: Buffer) => {
      report = (report + text.toString("utf8")).slice(-MOST_REPORT);
    });
    child.on("error", (cause) => {
      unwatch();
      reject(failure(manifest, cause.message, report));
    });
    child.on("close", (code, signal) => {
      unwatch();
      if (ended !== null) reject(failure(manifest, ended, report));
      else if (code !== 0) reject(failure(manifest, `its process ended with ${signal ?? `exit code ${code}`}`, report));
      else if (received !== expected) reject(failure(manifest, `it gave ${received} of ${expected} bytes`, report));
      else resolve(divide(Buffer.concat(chunks), manifest));
    });
  });
}

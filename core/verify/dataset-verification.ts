import { createHash } from "node:crypto";
import path from "node:path";
import type { DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import type { DatasetSubmission } from "../../schemas/generated/submission.ts";
import { checkDataset } from "../conformance/dataset-conformance.ts";
import { readImagesApart } from "../isolation/boxed-images.ts";
import type { GuestSettings } from "../isolation/guest-command.ts";
import { locateDataset } from "../plugins/dataset-splits.ts";
import type { LocatedPlugin } from "../plugins/plugin-location.ts";
import { canonicalJson } from "../records/canonical-json.ts";
import { recordTable } from "../records/session.ts";
import { protocolSha256 } from "../records/session-inputs.ts";
import { benchmarkOf, type ShippedBenchmark } from "../submissions/shipped-benchmarks.ts";
import { readSubmission } from "../submissions/submission-file.ts";
import { openSearchView, readCard } from "../tables/search-view.ts";
import { auditTable } from "../training/build/table-audit.ts";
import { SPLITS, type SplitImages } from "../training/trial.ts";
import type { CheckList } from "./check-list.ts";
import { freshBase, pluginOf, type VerifyOptions } from "./subject.ts";
import { agreementFaults } from "./submitted-files.ts";
import { downloadTable } from "./table-download.ts";
import { trustedTwin } from "./trusted-twin.ts";

/** Checks a dataset's submission as far as its documents tell. */
export async function checkDatasetFiles(
  checks: CheckList,
  options: VerifyOptions,
  submission: DatasetSubmission,
): Promise<void> {
  await checks.make({
    name: "schema",
    title: "the submission's documents are whole, and say of the plugin what its manifest says",
    needs: ["outline"],
    find: () => {
      readSubmission(options.folder);
      return { faults: agreementFaults(submission, locateDataset(path.resolve(pluginOf(options))).manifest) };
    },
  });
}

function digestOf(images: SplitImages): string {
  const hash = createHash("sha256");
  for (const split of SPLITS) hash.update(images[split].pixels).update(images[split].labels);
  return hash.digest("hex");
}

/**
 * Checks a dataset's images, protocol and table, and trains some of its table's trials again.
 * @throws errors of this machine, which say nothing about the submission
 */
export async function verifyDataset(
  checks: CheckList,
  options: VerifyOptions,
  submission: DatasetSubmission,
): Promise<void> {
  const { isolation: enclosure, memoryLimitMb, work } = options;
  const settings: GuestSettings = { enclosure, memoryLimitMb };
  let twin: LocatedPlugin<DatasetManifest> | null = null;
  let images: SplitImages | null = null;
  await checks.make({
    name: "images",
    title: "the images can be read apart from the harness, and are the same when read again",
    needs: ["schema", "hashes"],
    ownsTable: true,
    find: async () => {
      const plugin = locateDataset(path.resolve(pluginOf(options)));
      images = await readImagesApart(plugin, settings);
      const again = await readImagesApart(plugin, settings);
      if (digestOf(images) !== digestOf(again)) return { faults: ["a second reading gave other images"] };
      twin = trustedTwin(plugin, images, path.join(work, "dataset"));
      const { tableAddress } = submission;
      const folder = path.join(twin.folder, twin.manifest.table ?? "table");
      if (tableAddress !== undefined) await downloadTable(tableAddress, folder);
      return { faults: [], remarks: [`SHA-256 of all images and labels: ${digestOf(images)}`] };
    },
  });
  let benchmark: ShippedBenchmark | null = null;
  await checks.make({
    name: "benchmark",
    title: "protocol and table are the ones that were submitted",
    needs: ["images"],
    ownsTable: true,
    find: () => {
      benchmark = benchmarkOf(twin as LocatedPlugin<DatasetManifest>);
      if (benchmark === null) return { faults: ["there is no protocol, or no table"] };
      const { protocol, tableFolder } = benchmark;
      const found = {
        protocol: { id: protocol.id, version: protocol.version, sha256: protocolSha256(protocol) },
        table: recordTable(openSearchView(tableFolder)),
      };
      return {
        faults: (["protocol", "table"] as const)
          .filter((name) => canonicalJson(found[name]) !== canonicalJson(submission[name]))
          .map(
            (name) => `the ${name} is ${canonicalJson(found[name])}, submitted was ${canonicalJson(submission[name])}`,
          ),
      };
    },
  });
  await checks.make({
    name: "conduct",
    title: "the dataset passes the checks of nas-harness check: disjoint splits, checksums, recipes, protocol, table",
    needs: ["benchmark"],
    ownsTable: true,
    find: async () => {
      const results = await checkDataset(twin as unknown as LocatedPlugin<DatasetManifest>);
      const failed = results.filter(({ outcome }) => outcome === "failed");
      return { faults: failed.map(({ name, reasons }) => `${name}: ${reasons.join("; ")}`) };
    },
  });
  await checks.make({
    name: "audit",
    title: `${options.auditedTrials} trials drawn at random, trained again, give the table's numbers and weights to the bit`,
    needs: ["benchmark"],
    ownsTable: true,
    find: async () => {
      const { tableFolder } = benchmark as unknown as ShippedBenchmark;
      let done = 0;
      const audited = await auditTable({
        folder: tableFolder,
        card: readCard(tableFolder),
        images: images as unknown as SplitImages,
        sample: options.auditedTrials,
        seed: freshBase(options, submission),
        jobs: options.jobs,
        onAudited: () => options.onProgress?.("audit", ++done, options.auditedTrials),
      });
      return {
        faults: audited
          .filter(({ differences }) => differences.length > 0)
          .map(
            ({ recipe, seed, architecture, differences }) =>
              `${recipe}, seed ${seed}, architecture ${architecture}: ${differences.join("; ")}`,
          ),
      };
    },
  });
}

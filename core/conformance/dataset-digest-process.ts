/** Entry of the process that reads a dataset's images afresh and answers with their digests. */
import { locateDataset } from "../plugins/dataset-splits.ts";
import type { DigestAnswer, DigestRequest } from "./dataset-digests.ts";
import { readImages } from "./dataset-subject.ts";

process.on("message", async ({ folder, from }: DigestRequest) => {
  const { digests, faults } = await readImages(locateDataset(folder), from);
  process.send?.({ digests, faults } satisfies DigestAnswer, undefined, undefined, () => process.disconnect());
});

import { createHash } from "node:crypto";
import path from "node:path";
import type { TableAddress } from "../../schemas/generated/submission.ts";
import type { TableCard, TableFile } from "../../schemas/generated/table-card.ts";
import { tableCard } from "../../schemas/generated/validators.cjs";
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import { makeFolder, writeFileAtomic } from "../files/atomic-file.ts";
import { checkDocument, parseJson } from "../files/json-file.ts";
import { CARD_NAME } from "../tables/search-view.ts";

const MOST_CARD_BYTES = 16 * 1024 * 1024;
/** A table for this space with three seeds of two recipes takes a hundredth of it. */
const MOST_TABLE_BYTES = 4 * 1024 * 1024 * 1024;
const LIMIT_MS = 600_000;

function refuse(what: string, where: string): HarnessError {
  return new HarnessError("NAS_TABLE_CORRUPT", {
    what,
    where,
    next: "the submission's tableAddress must lead to the folder of the table that it names",
  });
}

/** The bytes at an address, no more than are allowed. @throws NAS_TABLE_CORRUPT */
async function fetchBytes(url: string, most: number): Promise<Buffer> {
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS), redirect: "follow" });
  } catch (cause) {
    throw refuse(`the file can't be fetched: ${messageOf(cause)}`, url);
  }
  if (!response.ok || response.body === null) throw refuse(`the server answers ${response.status}`, url);
  const chunks: Uint8Array[] = [];
  let received = 0;
  try {
    for await (const chunk of response.body) {
      received += chunk.length;
      if (received > most) throw refuse(`the file has more than ${most} bytes`, url);
      chunks.push(chunk);
    }
  } catch (cause) {
    throw cause instanceof HarnessError ? cause : refuse(`the file can't be fetched whole: ${messageOf(cause)}`, url);
  }
  return Buffer.concat(chunks);
}

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/**
 * Fetches a table from the address that a submission names; every file is checked against its hash before it is written.
 * @param folder receives the table
 * @throws NAS_TABLE_CORRUPT, NAS_SCHEMA, NAS_JSON, NAS_WRITE_FAILED
 */
export async function downloadTable({ url, cardSha256 }: TableAddress, folder: string): Promise<void> {
  const cardUrl = new URL(CARD_NAME, url).href;
  const bytes = await fetchBytes(cardUrl, MOST_CARD_BYTES);
  if (sha256(bytes) !== cardSha256) throw refuse("the card is not the one that was submitted", cardUrl);
  const card = checkDocument<TableCard>(
    parseJson(bytes.toString("utf8"), cardUrl),
    tableCard,
    cardUrl,
    "NAS_TABLE_CORRUPT",
  );
  const files: TableFile[] = card.datasets.flatMap((dataset) => dataset.recipes.flatMap((recipe) => recipe.files));
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  if (total > MOST_TABLE_BYTES) throw refuse(`the table has ${total} bytes; ${MOST_TABLE_BYTES} at most`, cardUrl);
  makeFolder(folder);
  for (const file of files) {
    const address = new URL(file.path, url).href;
    const content = await fetchBytes(address, file.bytes);
    if (sha256(content) !== file.sha256) throw refuse("the file is not the one that the card lists", address);
    makeFolder(path.dirname(path.join(folder, file.path)));
    writeFileAtomic(path.join(folder, file.path), content);
  }
  // Last: a folder with a card is a table.
  writeFileAtomic(path.join(folder, CARD_NAME), bytes);
}

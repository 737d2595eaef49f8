import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { HarnessError } from "../../core/errors/harness-error.ts";
import { CARD_NAME, openSearchView, readCard } from "../../core/tables/search-view.ts";
import { downloadTable } from "../../core/verify/table-download.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const table = inject("generatedTable");
const card = readFileSync(path.join(table, CARD_NAME));
const FIRST = readCard(table).datasets[0]?.recipes[0]?.files[0]?.path ?? "";
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** What the server does instead of giving a file. */
type Answer = (response: ServerResponse, bytes: Buffer) => void;

let server: Server;
let url: string;
let asked: string[];
let answers: Map<string, Answer>;

beforeEach(async () => {
  asked = [];
  answers = new Map();
  server = createServer((request, response) => {
    const place = (request.url ?? "").replace("/table/", "");
    asked.push(place);
    const file = path.join(table, place);
    const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    const answer = answers.get(place) ?? ((to: ServerResponse, content: Buffer) => to.end(content));
    answer(response, bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/table/`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function refusalOf(cardSha256 = sha256(card), folder = path.join(temporaryFolder(), "table")) {
  const error = await downloadTable({ url, cardSha256 }, folder).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HarnessError);
  // A folder with a card is a table; half of one must have none.
  expect(existsSync(path.join(folder, CARD_NAME))).toBe(false);
  return error as HarnessError;
}

test("a table is fetched whole: the card first, and what it lists", async () => {
  const folder = path.join(temporaryFolder(), "table");
  await downloadTable({ url, cardSha256: sha256(card) }, folder);
  expect(openSearchView(folder).card).toEqual(readCard(table));
  expect(asked[0]).toBe(CARD_NAME);
  for (const place of asked)
    expect(readFileSync(path.join(folder, place))).toEqual(readFileSync(path.join(table, place)));
});

test("another card is refused before anything else is fetched", async () => {
  const error = await refusalOf("0".repeat(64));
  expect(error.code).toBe("NAS_TABLE_CORRUPT");
  expect(error.details.what).toBe("the card is not the one that was submitted");
  expect(error.details.where).toBe(`${url}${CARD_NAME}`);
  expect(asked).toEqual([CARD_NAME]);
});

test.each<[string, string, Answer]>([
  ["not there", "the server answers 404", (response) => response.writeHead(404).end("none")],
  ["forbidden", "the server answers 403", (response) => response.writeHead(403).end()],
  ["larger than listed", "the file has more than", (response, bytes) => response.end(Buffer.concat([bytes, bytes]))],
  ["shorter", "the file is not the one that the card lists", (response, bytes) => response.end(bytes.subarray(1))],
  ["empty", "the file is not the one that the card lists", (response) => response.end()],
  [
    "of other bytes",
    "the file is not the one that the card lists",
    (response, bytes) => response.end(Buffer.alloc(bytes.length)),
  ],
  [
    "cut",
    "the file can't be fetched whole",
    (response, bytes) => {
      response.writeHead(200, { "content-length": bytes.length });
      response.write(bytes.subarray(0, 100), () => response.destroy());
    },
  ],
])("a file that is %s is refused and named", async (_, what, answer) => {
  answers.set(FIRST, answer);
  const error = await refusalOf();
  expect(error.code).toBe("NAS_TABLE_CORRUPT");
  expect(error.details.what).toContain(what);
  expect(error.details.where).toBe(`${url}${FIRST}`);
});

test("a card that is endless is not read to its end", async () => {
  const block = Buffer.alloc(1_048_576, " ");
  let sent = 0;
  answers.set(CARD_NAME, (response) => {
    const more = () => {
      sent += block.length;
      if (!response.destroyed) response.write(block, more);
    };
    more();
  });
  expect((await refusalOf()).details.what).toMatch(/^the file has more than 16777216 bytes$/);
  expect(sent).toBeLessThan(2 ** 27);
});

test("a server that nobody runs is named", async () => {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
  const error = await refusalOf();
  expect(error.details.what).toMatch(/^the file can't be fetched: /);
});

/** A card with other paths or sizes, which the submission itself could name. */
async function withCard(change: (file: { path: string; bytes: number }) => void): Promise<HarnessError> {
  const document = JSON.parse(card.toString("utf8"));
  change(document.datasets[0].recipes[0].files[0]);
  const bytes = Buffer.from(JSON.stringify(document));
  answers.set(CARD_NAME, (response) => response.end(bytes));
  return refusalOf(sha256(bytes));
}

test.each(["../outside.arrow", "/etc/outside.arrow", "https://example.org/outside.arrow", "a/../../outside.arrow"])(
  "a card that names %s is refused",
  async (place) => {
    const error = await withCard((file) => {
      file.path = place;
    });
    expect(error.code).toBe("NAS_TABLE_CORRUPT");
    expect(error.details.where).toContain("path");
    expect(asked).toEqual([CARD_NAME]);
  },
);

test("a table that is too large is refused before it is fetched", async () => {
  const error = await withCard((file) => {
    file.bytes = 2 ** 32 + 1;
  });
  expect(error.details.what).toMatch(/^the table has \d+ bytes; 4294967296 at most$/);
  expect(asked).toEqual([CARD_NAME]);
});

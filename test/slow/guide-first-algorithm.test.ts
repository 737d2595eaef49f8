import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { whyNoBox } from "../../core/isolation/bubblewrap.ts";
import { CARD_NAME } from "../../core/tables/search-view.ts";
import type { Leaderboard } from "../../leaderboard/generator/leaderboard.ts";
import { commandsOf, type GuideBlock, readGuide } from "../helpers/guide.ts";
import { excerptFaults } from "../helpers/guide-excerpt.ts";
import { PLANNED, writePlannedTable } from "../helpers/planned-table.ts";
import { type CommandResult, runProcess } from "../helpers/process.ts";
import { hasPython, needsPython } from "../helpers/python-client.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";

type Language = "typescript" | "python";

/** A dozen commands, of which some run the method hundreds of times: minutes, and on a busy machine many. */
const LIMIT_MS = 1_800_000;
/** The protocol's number would only take longer. */
const RUNS = 30;
const TABLE = `plugins/datasets/${PLANNED}/table`;
const INSTALL = ["npm", "install", "nas-harness", "node@24"];

const lack = whyNoBox();
const table = existsSync(path.join(REPOSITORY, TABLE, CARD_NAME)) ? "the shipped table" : "a made-up table of its plan";
const title = `first-algorithm.md from npm pack's tarball, ${RUNS} runs on ${table}`;

const guide = readGuide("docs/guides/first-algorithm.md");
const folder = sharedTemporaryFolder();
const project = path.join(folder, "empty");

/** This process's PATH without the tools of this repository: whoever follows the guide does not have them. */
function ownPath(): string {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return folders.filter((name) => !name.includes("node_modules")).join(path.delimiter);
}

function type(words: readonly string[], cwd: string): Promise<CommandResult> {
  const [program = "", ...rest] = words;
  // npm tells its children about itself; a reader's shell does not.
  const inherited = Object.keys(process.env).filter((name) => /^npm_(lifecycle|package|command|execpath)/.test(name));
  const env = { ...Object.fromEntries(inherited.map((name) => [name, undefined])), PATH: ownPath() };
  return runProcess(program, rest, { cwd, env });
}

async function succeed(words: readonly string[], cwd: string): Promise<string> {
  const { exitCode, stdout, stderr } = await type(words, cwd);
  expect(exitCode, `${words.join(" ")}\n${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

/** Whether a block belongs to the other language's way. */
function isOfOther(block: GuideBlock, language: Language): boolean {
  if (block.file !== null) return block.file.endsWith(".py") !== (language === "python");
  const isNew = block.text.includes(" new algorithm ");
  return isNew && block.text.includes("--language python") !== (language === "python");
}

/** Does what the guide says from the second step on, and compares what it shows with what comes out. */
async function follow(language: Language): Promise<void> {
  let printed: string | null = null;
  for (const block of guide.blocks) {
    const place = `${guide.name}, line ${block.line}`;
    if (block.language === "text") {
      if (printed !== null) expect(excerptFaults(block.text, printed), place).toEqual([]);
    } else if (isOfOther(block, language)) {
      printed = null;
    } else if (block.file !== null) {
      const file = path.join(project, block.file);
      expect(existsSync(file), `${place}: the file is there before it is changed`).toBe(true);
      writeFileSync(file, block.text);
    } else if (block.language === "sh") {
      printed = "";
      for (const { words } of commandsOf(block)) {
        if (words.join(" ") !== INSTALL.join(" ")) printed += await succeed(words, project);
      }
    }
  }
}

describe.skipIf(lack !== null)(lack === null ? title : `${title} (${lack})`, () => {
  beforeAll(async () => {
    await succeed([process.execPath, "build.ts"], REPOSITORY);
    const tarball = (await succeed(["npm", "pack", "--silent", path.join(REPOSITORY, "dist")], folder)).trim();
    mkdirSync(project);
    expect(guide.commands[0]?.words).toEqual(INSTALL);
    await succeed(
      INSTALL.map((word) => (word === "nas-harness" ? path.join(folder, tarball) : word)),
      project,
    );
    const installed = path.join(project, "node_modules/nas-harness");
    if (!existsSync(path.join(installed, TABLE, CARD_NAME))) writePlannedTable(path.join(installed, TABLE));
    const protocol = path.join(installed, "protocols", `${PLANNED}.json`);
    const document = JSON.parse(readFileSync(protocol, "utf8")) as { runs: number };
    writeFileSync(protocol, JSON.stringify({ ...document, runs: RUNS }));
  });

  test("the folder runs on the Node.js that the guide installs", async () => {
    expect(await succeed(["npx", "node", "--version"], project)).toMatch(/^v24\./);
  });

  describe.each<Language>(["typescript", "python"])("in %s", (language) => {
    const isLacking = language === "python" && !hasPython;
    const what = "its commands, in their order, print what stands there and give a row that is verified here";
    test.skipIf(isLacking)(
      language === "python" ? needsPython(what) : what,
      async () => {
        const kept = ["node_modules", "package.json", "package-lock.json"];
        for (const name of readdirSync(project)) {
          if (!kept.includes(name)) rmSync(path.join(project, name), { recursive: true });
        }
        await follow(language);
        const board = JSON.parse(readFileSync(path.join(project, "site/leaderboard.json"), "utf8")) as Leaderboard;
        const rows = board.sections.flatMap(({ groups }) => groups.map(({ row }) => row));
        const own = rows.filter(({ standing }) => standing !== null && standing.kind !== "local");
        expect(own.map(({ title: name, runs, standing }) => [name, runs, standing?.kind])).toEqual([
          ["My method", RUNS, "checked"],
        ]);
        const extension = language === "python" ? "search.py" : "index.ts";
        const submitted = path.join(project, "leaderboard/submissions/my-method/0.1.0/plugin", extension);
        expect(readFileSync(submitted, "utf8")).toContain("pays for no neighbour twice");
      },
      LIMIT_MS,
    );
  });
});

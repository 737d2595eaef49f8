import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import { createProgram } from "../../core/cli/program.ts";
import { REPOSITORY } from "./shared-data.ts";

/** A fenced code block of a guide. */
export interface GuideBlock {
  /** First word of the info string, "" without one. */
  readonly language: string;
  /** The name in a comment `<!-- file: name -->` above the block, or null. */
  readonly file: string | null;
  /** What stands between the fences, with a line feed at the end. */
  readonly text: string;
  /** Line of the opening fence in the guide, from 1. */
  readonly line: number;
}

/** A command that a reader is to type. */
export interface GuideCommand {
  /** The words as a shell gives them to the program, its name first. */
  readonly words: readonly string[];
  /** Its line in the guide, from 1. */
  readonly line: number;
}

/** A guide, taken apart. */
export interface Guide {
  /** Path from the repository's root. */
  readonly name: string;
  readonly text: string;
  /** All fenced blocks in order. */
  readonly blocks: readonly GuideBlock[];
  /** The commands of the `sh` blocks in order. */
  readonly commands: readonly GuideCommand[];
  /** Commands in running text and tables: code spans that begin with `nas-harness` and a word, perhaps after `npx`. */
  readonly mentions: readonly GuideCommand[];
}

const FENCE = /^( *)(`{3,}|~{3,})([^`]*)$/;
const FILE_COMMENT = /^ *<!-- file: (\S+) -->\s*$/;

/** The lines of a text with a block's lines blanked, and the blocks. @throws Error on a fence that is not closed */
function takeApart(text: string): { blocks: GuideBlock[]; prose: string[] } {
  const blocks: GuideBlock[] = [];
  const prose: string[] = [];
  let open: { block: GuideBlock; indent: number; fence: string; lines: string[] } | null = null;
  let file: string | null = null;
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    const [, blanks = "", fence = "", info = ""] = FENCE.exec(line) ?? [];
    if (open !== null) {
      prose.push("");
      if (fence.startsWith(open.fence) && info.trim() === "") {
        blocks.push({ ...open.block, text: open.lines.map((each) => `${each}\n`).join("") });
        open = null;
      } else {
        // A block in a list is indented as a whole.
        open.lines.push(line.replace(new RegExp(`^ {0,${open.indent}}`), ""));
      }
      continue;
    }
    prose.push(fence === "" ? line : "");
    if (fence !== "") {
      const language = info.trim().split(/\s+/)[0] as string;
      open = { block: { language, file, text: "", line: at + 1 }, indent: blanks.length, fence, lines: [] };
    }
    // The comment holds for what follows it next, blank lines apart.
    if (line.trim() !== "") file = FILE_COMMENT.exec(line)?.[1] ?? null;
  }
  if (open !== null) throw new Error(`the block that begins in line ${open.block.line} has no end`);
  return { blocks, prose };
}

/**
 * The fenced code blocks of a Markdown text, in order. A block is named by a comment of its own line above it:
 *
 *     <!-- file: my-method/search.py -->
 *
 * @throws Error on a block without an end
 */
export function blocksOf(markdown: string): GuideBlock[] {
  return takeApart(markdown).blocks;
}

/**
 * The words of a command line as a POSIX shell splits them: blanks, quotes, backslashes, a comment at the end. It knows no
 * variables, globs, pipes or redirections, and refuses what would need them.
 * @throws Error
 */
export function shellWords(command: string): string[] {
  const words: string[] = [];
  let rest = command.trim();
  while (rest !== "" && !rest.startsWith("#")) {
    let word = "";
    while (rest !== "" && !/^\s/.test(rest)) {
      const part = /^'([^']*)'|^"((?:[^"\\$`]|\\.)*)"|^\\(.)|^([^\s'"\\$`|&;<>*?()]+)/s.exec(rest);
      if (part === null) throw new Error(`more than plain words: ${command}`);
      word += part[1] ?? part[2]?.replaceAll(/\\(["\\$`])/g, "$1") ?? part[3] ?? part[4];
      rest = rest.slice(part[0].length);
    }
    words.push(word);
    rest = rest.trimStart();
  }
  return words;
}

/** The commands of a `sh` block: a line each, a backslash at the end goes on; blank lines and comments are left out. */
export function commandsOf(block: GuideBlock): GuideCommand[] {
  const commands: GuideCommand[] = [];
  let start = block.line + 1;
  for (const text of block.text.split(/(?<!\\)\n/)) {
    const words = shellWords(text.replaceAll("\\\n", " "));
    if (words.length > 0) commands.push({ words, line: start });
    start += text.split("\n").length;
  }
  return commands;
}

/** Reads a guide. @param name path from the repository's root. @throws Error on a block without an end */
export function readGuide(name: string): Guide {
  const text = readFileSync(path.join(REPOSITORY, name), "utf8");
  const { blocks, prose } = takeApart(text);
  const commands = blocks.filter(({ language }) => language === "sh").flatMap(commandsOf);
  const mentions = prose.flatMap((line, at) =>
    [...line.matchAll(/`(?:npx )?(nas-harness [a-z][^`]*)`/g)].map(([, span]) => ({
      // Placeholders such as <file> are no redirections, and an ellipsis is no word.
      words: (span as string).replaceAll("'", "").replace(/ …$/, "").split(/\s+/),
      line: at + 1,
    })),
  );
  return { name, text, blocks, commands, mentions };
}

/** Writes the named blocks of a guide below a folder. @throws Error if two have the same name */
export function writeGuideFiles(guide: Guide, folder: string): void {
  const names = guide.blocks.flatMap(({ file }) => file ?? []);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`${guide.name} has two blocks for ${twice}`);
  for (const { file, text } of guide.blocks) {
    if (file === null) continue;
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
}

/** The named block. @throws Error if there is none */
export function fileOf(guide: Guide, name: string): GuideBlock {
  const block = guide.blocks.find(({ file }) => file === name);
  if (block === undefined) throw new Error(`${guide.name} has no block for ${name}`);
  return block;
}

/**
 * What `--help` does not know of a `nas-harness` command: its subcommands and its options. Arguments are not looked at.
 * @returns one sentence a fault, none if the command could be typed; none for other programs
 */
export function commandFaults({ words }: GuideCommand): string[] {
  const [program, ...rest] = words[0] === "npx" ? words.slice(1) : words;
  if (program !== "nas-harness") return [];
  let command: Command = createProgram().program;
  let at = 0;
  for (; command.commands.length > 0; at++) {
    if (rest[at] === undefined || rest[at]?.startsWith("-")) break;
    const next = command.commands.find(
      (each) => each.name() === rest[at] || each.aliases().includes(rest[at] as string),
    );
    if (next === undefined) return [`${command.name()} has no command ${rest[at]}`];
    command = next;
  }
  const known = [...command.options.flatMap(({ long, short }) => [long, short]), "--help", "-h"];
  return rest
    .slice(at)
    .filter((word) => /^--?[a-z]/i.test(word) && !known.includes(word.split("=")[0] as string))
    .map((word) => `${command.name()} has no option ${word}`);
}

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { blocksOf, commandFaults, commandsOf, type Guide, shellWords, writeGuideFiles } from "./guide.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const GUIDE = `# A guide

<!-- file: my-method/search.py -->

\`\`\`python
print("a")

\`\`\`

1. In a list:

   ~~~sh title="x"
   # a comment
   nas-harness list

   nas-harness run ./my-method \\
     --runs 5
   ~~~

<!-- file: other.txt -->
Text in between: the comment is no block's.

\`\`\`\`
\`\`\`
inner
\`\`\`
\`\`\`\`
`;

describe("blocks", () => {
  const blocks = blocksOf(GUIDE);

  test("have language, file, text and line", () => {
    expect(blocks).toEqual([
      { language: "python", file: "my-method/search.py", text: 'print("a")\n\n', line: 5 },
      {
        language: "sh",
        file: null,
        text: "# a comment\nnas-harness list\n\nnas-harness run ./my-method \\\n  --runs 5\n",
        line: 12,
      },
      { language: "", file: null, text: "```\ninner\n```\n", line: 23 },
    ]);
  });

  test("of a shell have commands with their lines", () => {
    expect(commandsOf(blocks[1]!)).toEqual([
      { words: ["nas-harness", "list"], line: 14 },
      { words: ["nas-harness", "run", "./my-method", "--runs", "5"], line: 16 },
    ]);
  });

  test("without an end are refused, with their line", () => {
    expect(() => blocksOf("text\n```ts\nlet a = 1;\n")).toThrow("line 2");
  });

  test("with names are written below a folder, each name once", () => {
    const folder = temporaryFolder();
    const guide: Guide = { name: "guide.md", text: GUIDE, blocks, commands: [], mentions: [] };
    writeGuideFiles(guide, folder);
    expect(readdirSync(folder)).toEqual(["my-method"]);
    expect(readFileSync(path.join(folder, "my-method/search.py"), "utf8")).toBe('print("a")\n\n');
    expect(() => writeGuideFiles({ ...guide, blocks: [...blocks, ...blocks] }, folder)).toThrow("two blocks");
  });
});

test.each([
  ["a  b", ["a", "b"]],
  ["query '|a~0|+|b~0|' # why", ["query", "|a~0|+|b~0|"]],
  [`say "it's \\"so\\"" a\\ b`, ["say", `it's "so"`, "a b"]],
  ["--name='a b'c", ["--name=a bc"]],
  ["# only a comment", []],
])("the shell's words of %j", (command, words) => {
  expect(shellWords(command)).toEqual(words);
});

test.each(["a | b", "a > b", "echo $HOME", "ls *", "a && b", "say 'open"])("%j is more than words", (command) => {
  expect(() => shellWords(command)).toThrow("more than plain words");
});

test.each([
  ["nas-harness table import csv a.csv -m b.json --output=c", []],
  ["nas-harness run rs --buget 5", ["run has no option --buget"]],
  ["nas-harness table fly", ["table has no command fly"]],
  ["nas-harness query -1", []],
  ["pip install x --upgrade", []],
])("what --help does not know of %j", (command, faults) => {
  expect(commandFaults({ words: shellWords(command), line: 1 })).toEqual(faults);
});

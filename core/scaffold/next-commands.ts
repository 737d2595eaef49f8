import path from "node:path";

/** A word as a POSIX shell takes it for one. */
export function shellWord(text: string): string {
  return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A path as the command line knows one: without a dot in front, a bare word would be a package. */
function asPath(folder: string): string {
  return path.isAbsolute(folder) || folder.startsWith(".") ? folder : `./${folder}`;
}

/** The protocol that everybody can run: its table comes with the harness. */
const PROTOCOL = "fashion-mnist-8x8";

/** What to type next for a method in this folder: check it, run it a few times, put it on the board, hand it in. */
export function nextCommands(folder: string): string[] {
  const method = shellWord(asPath(folder));
  return [
    `nas-harness check ${method}`,
    `nas-harness run ${method} --protocol ${PROTOCOL} --runs 5 --output trial`,
    "nas-harness leaderboard --results trial",
    `nas-harness submit ${method}`,
  ];
}

/** What to type next for a dataset in this folder: check it, build its table and check that, search it, put it on the board. */
export function datasetCommands(folder: string): string[] {
  const dataset = shellWord(asPath(folder));
  const inside = (place: string) => shellWord(asPath(path.join(folder, place)));
  const table = inside("table");
  return [
    `nas-harness check ${dataset}`,
    `nas-harness table build ${dataset} --output ${table}`,
    `nas-harness table check ${table}`,
    `nas-harness run rs rea --protocol ${inside("protocol.json")} --output trial`,
    `nas-harness leaderboard --results trial --table ${table}`,
  ];
}

/** Runs the tests of a plugin in this folder, whatever configuration of vitest's there is around it. */
export function testCommand(folder: string): string {
  return `npx vitest run --root ${shellWord(asPath(folder))}`;
}

/** Runs the tests of a method in Python in this folder; unittest is part of Python. */
export function pythonTestCommand(folder: string): string {
  return `python3 -m unittest discover -s ${shellWord(asPath(folder))}`;
}

import { cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { REPOSITORY } from "./shared-data.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import type { Runner } from "./workflow.ts";
import { folder, git, origin, SERVER } from "./workflow-repository.ts";

/** A machine of continuous integration. */
export interface Machine extends Runner {
  readonly checkedOut: string[];
  readonly artefacts: string;
  /** What was called in place of privileged and costly commands, one line a call. */
  calls(): string[];
  /** The comment that was sent. */
  body(): string;
  answer(pulls: unknown, artifacts: unknown): void;
}

const GH = `log="$(dirname "$0")/../log"
while [ $# -gt 0 ]; do
  case "$1" in
    --jq) expression="$2"; shift ;;
    --body-file) cp "$2" "$log/body.md"; shift ;;
    repos/*/pulls) answer="$log/pulls.json" ;;
    repos/*/artifacts) answer="$log/artifacts.json" ;;
  esac
  shift
done
if [ -n "\${answer:-}" ]; then jq -r "$expression" "$answer"; fi`;

/** A machine whose privileged commands only note that they were called. */
export function machine(programs: Readonly<Record<string, string>> = {}): Machine {
  const own = temporaryFolder();
  const [bin, log, artefacts] = ["bin", "log", "artefacts"].map((name) => path.join(own, name)) as [
    string,
    string,
    string,
  ];
  for (const name of [bin, log, artefacts]) mkdirSync(name);
  const standIns = {
    sudo: "",
    "apt-get": "exit 1",
    gh: GH,
    npm: `ln -s '${REPOSITORY}/node_modules' node_modules`,
    ...programs,
  };
  for (const [name, script] of Object.entries(standIns)) {
    const note = `printf '%s\\n' "${name} $*" >> '${log}/calls'`;
    writeFileSync(path.join(bin, name), `#!/usr/bin/env bash\n${note}\n${script}\n`, { mode: 0o755 });
  }
  const checkedOut: string[] = [];
  const read = (name: string) => (existsSync(path.join(log, name)) ? readFileSync(path.join(log, name), "utf8") : "");
  return {
    folder: own,
    programs: [bin, path.dirname(process.execPath), "/usr/bin", "/bin"],
    env: { GITHUB_REPOSITORY: "owner/project", GITHUB_SERVER_URL: SERVER, GITHUB_RUN_ID: "99" },
    actions: {
      "actions/checkout": async ({ ref = "" }, workspace) => {
        checkedOut.push(ref);
        await git(folder, "clone", "--quiet", origin, workspace);
        await git(workspace, "checkout", "--quiet", ref);
      },
      "actions/setup-node": () => {},
      "actions/upload-artifact": ({ name = "", path: place = "", "if-no-files-found": missing }, workspace) => {
        const from = path.resolve(workspace, place);
        if (!existsSync(from)) {
          if (missing === "ignore") return;
          throw new Error("no files found");
        }
        const to = path.join(artefacts, name);
        cpSync(from, statSync(from).isDirectory() ? to : path.join(to, path.basename(from)), { recursive: true });
      },
      "actions/download-artifact": ({ name = "", path: to = "" }) => {
        cpSync(path.join(artefacts, name), to, { recursive: true, verbatimSymlinks: true });
      },
    },
    ...{ checkedOut, artefacts },
    calls: () => read("calls").split("\n").slice(0, -1),
    body: () => read("body.md"),
    answer(pulls, artifacts) {
      writeFileSync(path.join(log, "pulls.json"), JSON.stringify(pulls));
      writeFileSync(path.join(log, "artifacts.json"), JSON.stringify({ artifacts }));
    },
  };
}

/** A machine with an artefact of somebody's. */
export function machineWith(files: Readonly<Record<string, string>>): Machine {
  const runner = machine();
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(runner.artefacts, "verification-1", name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return runner;
}

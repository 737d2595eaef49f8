import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { load } from "js-yaml";
import { runProcess } from "./process.ts";
import { type ExpressionScope, holds, interpolate, type Value } from "./workflow-expression.ts";

type Texts = Readonly<Record<string, string>>;

/** A step of a job or of a composite action. */
export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string | number>>;
}

/** A job. */
export interface Job {
  readonly needs?: string;
  readonly if?: string;
  readonly permissions?: Texts;
  readonly outputs?: Texts;
  readonly steps: readonly Step[];
}

/** A workflow's file. */
export interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Texts;
  readonly defaults?: { readonly run?: { readonly shell?: string } };
  readonly jobs: Readonly<Record<string, Job>>;
}

/** A composite action's file. */
export interface Action {
  readonly inputs: Readonly<Record<string, { readonly required?: boolean; readonly default?: string }>>;
  readonly runs: { readonly using: "composite"; readonly steps: readonly Step[] };
}

/** Reads a YAML file. */
export function readYaml<Content>(file: string): Content {
  return load(readFileSync(file, "utf8")) as Content;
}

/** What stands for an action that is not run here. `inputs` are those of its step. */
export type ActionStandIn = (inputs: Texts, workspace: string, temporary: string) => Promise<void> | void;

/** A machine that runs jobs. */
export interface Runner {
  /** Folder below which each job gets a workspace and a temporary folder of its own. */
  readonly folder: string;
  /** Folders in which commands are looked for, first those that stand for others. */
  readonly programs: readonly string[];
  /** By name without version: `actions/checkout`. A step that uses any other action is an error. */
  readonly actions: Readonly<Record<string, ActionStandIn>>;
  /** Variables of every step. */
  readonly env: Texts;
}

/** How a step ended. */
export interface StepResult {
  readonly name: string;
  readonly outcome: "success" | "failure" | "skipped";
  readonly log: string;
}

/** How a job ended. */
export interface JobResult {
  readonly result: "success" | "failure" | "skipped";
  readonly steps: readonly StepResult[];
  readonly outputs: Texts;
  readonly workspace: string;
  readonly temporary: string;
}

/** The values in a file that a step wrote for `GITHUB_OUTPUT`. */
function outputsIn(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split("\n").slice(0, -1);
  while (lines.length > 0) {
    const line = lines.shift() as string;
    const [, name, end] = /^([\w-]+)<<(.+)$/.exec(line) ?? [];
    if (name !== undefined && end !== undefined) {
      const length = lines.indexOf(end);
      if (length < 0) throw new Error(`output ${name} has no end`);
      outputs[name] = lines
        .splice(0, length + 1)
        .slice(0, -1)
        .join("\n");
      continue;
    }
    const [, key, value] = /^([\w-]+)=(.*)$/.exec(line) ?? [];
    if (key === undefined) throw new Error(`"${line}" is no output`);
    outputs[key] = value ?? "";
  }
  return outputs;
}

class JobRun {
  readonly workspace: string;
  readonly temporary: string;
  readonly results: StepResult[] = [];
  readonly #runner: Runner;
  readonly #shell: string | undefined;
  #contexts: Record<string, Value>;
  #hasFailed = false;

  constructor(runner: Runner, shell: string | undefined, contexts: Readonly<Record<string, Value>>) {
    const folder = mkdtempSync(path.join(runner.folder, "job-"));
    this.workspace = path.join(folder, "workspace");
    this.temporary = path.join(folder, "temporary");
    for (const name of [this.workspace, this.temporary, path.join(folder, "home")]) mkdirSync(name);
    this.#runner = runner;
    this.#shell = shell;
    this.#contexts = { ...contexts, steps: {}, runner: { temp: this.temporary, os: "Linux" } };
  }

  get scope(): ExpressionScope {
    return { contexts: this.#contexts, hasFailed: this.#hasFailed };
  }

  async steps(steps: readonly Step[], isAction = false): Promise<void> {
    for (const step of steps) {
      const name = step.name ?? step.id ?? step.uses ?? "a step";
      if (!holds(step.if, this.scope)) {
        this.results.push({ name, outcome: "skipped", log: "" });
        continue;
      }
      if (isAction && step.run !== undefined && step.shell === undefined) throw new Error(`"${name}" names no shell`);
      await this.#step(name, step);
    }
  }

  async #step(name: string, step: Step): Promise<void> {
    const inputs = Object.fromEntries(
      Object.entries(step.with ?? {}).map(([key, value]) => [key, interpolate(`${value}`, this.scope)]),
    );
    if (step.uses?.startsWith("./")) return this.#composite(step.uses, inputs);
    let [outcome, log]: [StepResult["outcome"], string] = ["success", ""];
    if (step.uses !== undefined) {
      const standIn = this.#runner.actions[step.uses.replace(/@.*$/, "")];
      if (standIn === undefined) throw new Error(`nothing stands for ${step.uses}`);
      try {
        await standIn(inputs, this.workspace, this.temporary);
      } catch (error) {
        [outcome, log] = ["failure", String(error)];
      }
    } else {
      [outcome, log] = await this.#script(step);
    }
    if (outcome === "failure") this.#hasFailed = true;
    this.results.push({ name, outcome, log });
  }

  async #composite(place: string, inputs: Texts): Promise<void> {
    const action = readYaml<Action>(path.join(this.workspace, place, "action.yml"));
    const unknown = Object.keys(inputs).filter((name) => !Object.hasOwn(action.inputs, name));
    if (unknown.length > 0) throw new Error(`${place} has no input ${unknown}`);
    const given = Object.entries(action.inputs).map(([name, { required, default: usual }]) => {
      if (required === true && !Object.hasOwn(inputs, name)) throw new Error(`${place} needs ${name}`);
      return [name, inputs[name] ?? usual ?? ""];
    });
    const outer = this.#contexts;
    this.#contexts = { ...outer, inputs: Object.fromEntries(given), steps: {} };
    await this.steps(action.runs.steps, true);
    this.#contexts = outer;
  }

  async #script(step: Step): Promise<["success" | "failure", string]> {
    const file = path.join(mkdtempSync(path.join(this.temporary, "..", "step-")), "script.sh");
    const output = path.join(path.dirname(file), "output");
    writeFileSync(file, interpolate(step.run ?? "", this.scope));
    writeFileSync(output, "");
    const env = Object.fromEntries(
      Object.entries(step.env ?? {}).map(([key, value]) => [key, interpolate(`${value}`, this.scope)]),
    );
    const shell = step.shell ?? this.#shell;
    if (shell !== undefined && shell !== "bash") throw new Error(`shell ${shell}`);
    const words = shell === "bash" ? ["--noprofile", "--norc", "-eo", "pipefail", file] : ["-e", file];
    // Nothing of this process's environment: a step sees what it would see there.
    const { exitCode, stdout, stderr } = await runProcess(
      "env",
      [
        "-i",
        ...variables({
          HOME: path.join(this.temporary, "../home"),
          CI: "true",
          GITHUB_ACTIONS: "true",
          GITHUB_WORKSPACE: this.workspace,
          RUNNER_TEMP: this.temporary,
          LANG: "C.UTF-8",
          ...this.#runner.env,
          GITHUB_OUTPUT: output,
          PATH: this.#runner.programs.join(path.delimiter),
          ...env,
        }),
        "bash",
        ...words,
      ],
      { cwd: this.workspace },
    );
    if (step.id !== undefined) {
      const outputs = outputsIn(readFileSync(output, "utf8"));
      this.#contexts.steps = { ...(this.#contexts.steps as object), [step.id]: { outputs } };
    }
    return [exitCode === 0 ? "success" : "failure", `${stdout}\n${stderr}`];
  }

  end(outputs: Texts): JobResult {
    const values = Object.entries(outputs).map(([name, text]) => [name, interpolate(text, this.scope)]);
    return {
      result: this.#hasFailed ? "failure" : "success",
      steps: this.results,
      outputs: Object.fromEntries(values),
      workspace: this.workspace,
      temporary: this.temporary,
    };
  }
}

const variables = (env: Texts) => Object.entries(env).map(([name, value]) => `${name}=${value}`);

/**
 * Runs one job of a workflow as GitHub would, as far as the project's workflows need that: conditions, expressions, outputs,
 * composite actions of the checkout, and each script with bash in an environment of its own.
 * @param github the context `github`
 * @param needs how the jobs before it ended
 */
export async function runJob(
  runner: Runner,
  workflow: Workflow,
  name: string,
  github: Readonly<Record<string, Value>>,
  needs: Readonly<Record<string, Pick<JobResult, "result" | "outputs">>> = {},
): Promise<JobResult> {
  const job = workflow.jobs[name];
  if (job === undefined) throw new Error(`no job ${name}`);
  const contexts = { github, needs: needs as unknown as Value };
  const hasFailed = Object.values(needs).some(({ result }) => result !== "success");
  if (!holds(job.if, { contexts, hasFailed })) {
    return { result: "skipped", steps: [], outputs: {}, workspace: "", temporary: "" };
  }
  const run = new JobRun(runner, workflow.defaults?.run?.shell, contexts);
  await run.steps(job.steps);
  return run.end(job.outputs ?? {});
}

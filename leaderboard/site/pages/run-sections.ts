import { RECORDS_NAME } from "../../../core/records/record-file.ts";
import { RUNS_NAME } from "../../../core/submissions/submission-folder.ts";
import type { ReportColumn } from "../../../schemas/generated/protocol.ts";
import { type Html, html } from "../../generator/html.ts";
import type { RunSource } from "../../generator/run-summaries.ts";
import { columnsOf } from "../../generator/sections.ts";
import { trajectoryChart } from "../charts/trajectory-chart.ts";
import { runAnchor } from "../links.ts";
import type { ShownRun } from "../site-model.ts";
import { architectureLink, countOf, type PlainRow, pageSection, plainTable } from "./page-parts.ts";

const MS_PER_SECOND = 1000;

/** Hexadecimal digits of seeds and digests: enough to find a run by, and a page of 500 runs stays small. */
const SHOWN_DIGITS = 16;

const EVALUATION_STEPS =
  "Trajectory: the better and better architectures of a run, each with number of the evaluation, simulated seconds, architecture and validation accuracy in percent.";
const TRAINING_STEPS =
  "Trajectory: the architectures of a run where they change, each with epoch, simulated seconds and architecture.";

const secondsText = (ms: number) => (ms / MS_PER_SECOND).toFixed(ms < 10_000 ? 2 : 0);

function answerText({ answers, failure }: ShownRun): Html {
  if (failure !== undefined) return html`failed: <code>${failure}</code>`;
  if (answers.length === 1) return architectureLink(answers[0]?.architecture as number, "../");
  // An answer between two architectures is what interpolating by the budget gives.
  return html`${answers.map(({ architecture, weight }, at) => html`${at === 0 ? "" : " + "}${weight.toFixed(3)} × ${architectureLink(architecture, "../")}`)}`;
}

/** The better and better architectures of a run, or those of its epochs where they change. */
function stepsText({ incumbents, training }: ShownRun): string {
  if (training === undefined) {
    return incumbents
      .map(
        ([number, ms, architecture, accuracy]) =>
          `${number} ${secondsText(ms)} ${architecture} ${(accuracy / 10_000).toFixed(2)}`,
      )
      .join("; ");
  }
  return training.epochs
    .map(([architecture, ms], at) => ({ architecture, ms, epoch: at + 1 }))
    .filter(({ architecture }, at) => at === 0 || training.epochs[at - 1]?.[0] !== architecture)
    .map(({ architecture, ms, epoch }) => `epoch ${epoch} ${secondsText(ms)} ${architecture}`)
    .join("; ");
}

function runRow(run: ShownRun, columns: readonly string[]): PlainRow {
  const steps = run.training === undefined ? run.incumbents.length : null;
  const summary = steps === null ? "epochs" : `${steps} steps`;
  return {
    id: runAnchor(run.runIndex),
    cells: [
      run.runIndex,
      html`<code>${run.seed.slice(0, SHOWN_DIGITS)}</code>`,
      answerText(run),
      ...columns.map((column) => run.values[column]?.toFixed(2) ?? null),
      html`<details><summary>${summary}</summary><p>${stepsText(run)}</p></details>`,
      html`<code>${run.digest.slice(0, SHOWN_DIGITS)}</code>`,
    ],
  };
}

function failureSection(runs: readonly ShownRun[]): Html | null {
  const failed = runs.filter(({ failure }) => failure !== undefined);
  if (failed.length === 0) return null;
  const rows = failed.map(({ runIndex, seed, failure }) => ({
    cells: [
      html`<a href="#${runAnchor(runIndex)}">${runIndex}</a>`,
      html`<code>${seed.slice(0, SHOWN_DIGITS)}</code>`,
      html`<code>${failure ?? ""}</code>`,
    ],
  }));
  return pageSection("failures", "Failed runs", [
    html`<p>Failed runs are in no figure; a row with any can't be verified.</p>
`,
    plainTable("failures-table", `${failed.length} of ${runs.length} runs failed`, ["Run", "Seed", "Error"], rows),
  ]);
}

/** Failures, trajectories and every run with its seed, answer and digest; nothing where the runs are not at hand. */
export function runSections(runs: readonly ShownRun[], kind: RunSource["kind"], report: readonly ReportColumn[]): Html {
  if (runs.length === 0) {
    return pageSection("runs", "Runs", [
      html`<p>The single runs are not at hand: only their summary is.</p>
`,
    ]);
  }
  const columns = report.map(({ column }) => column);
  const heads = columnsOf(columns).map(({ dataset, split }) => `${dataset} ${split}, %`);
  const chart = trajectoryChart(runs);
  return html`${failureSection(runs)}${
    chart === null
      ? null
      : pageSection("trajectories", "Trajectories", [
          html`<p>Validation accuracy of the best architecture so far, every run a line, by simulated seconds on a logarithmic axis.</p>
<figure class="chart">${chart}</figure>
`,
        ])
  }${pageSection("runs", "Runs", [
    html`<p>In the order of the plan. ${runs.some(({ training }) => training !== undefined) ? TRAINING_STEPS : EVALUATION_STEPS} Of seeds and digests of records the first ${SHOWN_DIGITS} of 64 digits; the run's line in <code>${kind === "submission" ? RUNS_NAME : RECORDS_NAME}</code> has them whole.</p>
`,
    plainTable(
      "runs-table",
      countOf(runs.length, "run"),
      ["Run", "Seed", "Answer", ...heads, "Trajectory", "Digest"],
      runs.map((run) => runRow(run, columns)),
      "long",
    ),
  ])}`;
}

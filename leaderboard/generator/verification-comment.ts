import type { Verification, VerificationCheck } from "../../schemas/generated/verification.ts";
import { accuracyText, intervalText, signedText } from "./figures.ts";
import type { Leaderboard, RowGroup, Section } from "./leaderboard.ts";
import { intervalRanks, isTooShort } from "./ranking.ts";
import { escapeMarkdown, plainText } from "./text.ts";

/** A comment longer than this is refused by the forge. */
const MOST_CHARACTERS = 60_000;
const MARKS: Readonly<Record<VerificationCheck["outcome"], string>> = { passed: "✓", failed: "✗", skipped: "–" };

/** Parts of what a forge makes a mention, a reference to an issue or a link. */
const LINKED = /[@#]|:(?=\/\/)|www(?=\.)|GH(?=-\d)|mailto|xmpp/gi;

/** Text of others in a comment: no markup, no mention of anybody, no reference to an issue, no address that becomes a link. */
function safe(text: string): string {
  return escapeMarkdown(plainText(text)).replace(LINKED, (sign) => `${sign}\u200B`);
}

function checkLines({ name, title, outcome, reasons }: VerificationCheck): string[] {
  const own = `- ${MARKS[outcome]} **${safe(name)}** (${outcome}): ${safe(title)}`;
  return [own, ...reasons.map((reason) => `  - ${safe(reason)}`)];
}

/** Ranks of a section's rows by their intervals: the single runs of a report are not at hand. */
function ranksOf({ groups, rankedBy }: Section): (number | null)[] {
  return intervalRanks(
    groups.map(({ row }) => (rankedBy === null || isTooShort(row) ? null : (row.accuracies[rankedBy] ?? null))),
  );
}

/** The rows of a section as differences from the submitted one, best first. */
function rowLines(section: Section, own: RowGroup, ranks: readonly (number | null)[]): string[] {
  const { rankedBy } = section;
  const ownMean = rankedBy === null ? undefined : own.row.accuracies[rankedBy]?.mean;
  const head = ["Rank", "Method", ...section.columns.map(({ dataset, split }) => `${dataset} ${split}`.trim()), "Δ"];
  const lines = section.groups.map(({ row }, at) => {
    const mean = rankedBy === null ? undefined : row.accuracies[rankedBy]?.mean;
    const difference = row === own.row || mean === undefined || ownMean === undefined ? "" : signedText(ownMean - mean);
    const title = row === own.row ? `**${safe(row.title)}**` : safe(row.title);
    const figures = section.columns.map(({ name }) => {
      const accuracy = row.accuracies[name];
      return [accuracyText(accuracy), intervalText(accuracy) ?? ""].join(" ").trim();
    });
    return [`${ranks[at] ?? ""}`, title, ...figures, difference];
  });
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head.map(safe)), line(head.map(() => "---")), ...lines.map(line)];
}

function sectionLines(section: Section, verification: Verification): string[] {
  const own = section.groups.find(
    ({ row }) => row.method === verification.name && row.version === verification.version && row.origin === "re-run",
  );
  if (own === undefined) return [];
  const { rankedBy } = section;
  const ranks = ranksOf(section);
  const rank = ranks[section.groups.indexOf(own)] ?? null;
  const fresh = rankedBy === null ? undefined : own.row.standing?.fresh?.[rankedBy];
  return [
    "",
    `### ${safe(section.heading)}`,
    "",
    ...(rank === null
      ? []
      : [
          `Rank ${rank}${rankedBy === null ? "" : ` by ${safe(rankedBy)}`}: 1 plus the number of rows whose whole interval lies above; the leaderboard ranks by tests of the single runs. Δ: this row minus the other, in percentage points.`,
        ]),
    ...(fresh === undefined ? [] : [`Under fresh seeds: ${fresh.mean.toFixed(2)} over ${fresh.runs} runs.`]),
    "",
    ...rowLines(section, own, ranks),
  ];
}

/**
 * What a verification found as Markdown for a pull request. Everything in it that comes from the submission is shown as text.
 * @param board the leaderboard with the submitted rows in it
 */
export function renderComment(verification: Verification, board: Leaderboard): string {
  const { name, version, outcome, isolation, base, checks, sha256 } = verification;
  const verdict = outcome === "passed" ? "passes verification" : "does not pass verification";
  const text = [
    `## ${safe(name)} ${safe(version)} ${verdict}`,
    "",
    `Submission ${sha256.slice(0, 12)}, ${base === null ? "without a base commit" : `on ${base.slice(0, 12)}`}, ${isolation === "box" ? "in a box" : "without a box: this does not count"}.`,
    ...board.sections.filter(({ kind }) => kind === "re-run").flatMap((section) => sectionLines(section, verification)),
    "",
    "### Checks",
    "",
    ...checks.flatMap(checkLines),
    "",
  ].join("\n");
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS).toWellFormed()}\n\n(shortened)\n`;
}

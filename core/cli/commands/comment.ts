import type { Command } from "commander";

/** What the command line gives to `comment`. */
export interface CommentFlags {
  submissions: string;
  verifications: string;
}

const EXAMPLE = `
Example:
  nas-harness verify main..HEAD --report verification.json
  nas-harness comment verification.json

The report may come from anybody: it is checked against its schema, and whatever it says is shown as text. Nothing of
the submission is executed. Rank, intervals and differences are those among the submissions that are here.`;

/** Adds `comment` to the command line. */
export function addCommentCommand(program: Command): void {
  program
    .command("comment")
    .description("what a verification found, as Markdown for a pull request")
    .argument("<report>", "the file that verify --report wrote")
    .option("-s, --submissions <folder>", "where submissions lie", "leaderboard/submissions")
    .option("--verifications <folder>", "where results of verify --record lie", "leaderboard/verifications")
    .addHelpText("after", EXAMPLE)
    .action(async (report: string, flags: CommentFlags) => {
      const { commentOn } = await import("../comment.ts");
      commentOn(report, flags);
    });
}

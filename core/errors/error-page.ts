import { ERROR_CATALOGUE, type ErrorCode } from "./catalogue.ts";

const EXIT_CODES: Readonly<Record<number, string>> = {
  1: "failed",
  2: "usage or schema",
  3: "a plugin broke its contract",
  4: "environment",
};

const INTRODUCTION = `# Errors

Every error that the harness reports has a stable code and says what was wrong, where, what would have been allowed, and what to do next. The code fixes the exit code of a command. Scripts may rely on both; the sentences may change.

\`\`\`
NAS_ARCHITECTURE_INDEX: 15625 is not an architecture index
  allowed: an integer from 0 to 15624
  next:    give an index, or a string of the form |op~0|+|op~0|op~1|+|op~0|op~1|op~2|
\`\`\`

With \`--json\` the same stands on stdout as \`{"error": {"code", "what", "where", "allowed", "next"}}\`. \`NAS_HARNESS_DEBUG=1\` adds the stack trace. Besides the exit codes below there are 0 (ok) and 130 (interrupted).

This page is made from \`core/errors/catalogue.ts\` by \`npm run generate\`.
`;

/** The page `docs/errors.md` in Markdown: every code of the catalogue with its meaning, by exit code. */
export function renderErrorPage(): string {
  const codes = Object.keys(ERROR_CATALOGUE) as ErrorCode[];
  const sections = Object.entries(EXIT_CODES).map(([exit, title]) => {
    const rows = codes
      .filter((code) => ERROR_CATALOGUE[code].exit === Number(exit))
      .map((code) => `| \`${code}\` | ${ERROR_CATALOGUE[code].meaning.replaceAll("|", "\\|")} |`);
    return `\n## Exit code ${exit}: ${title}\n\n| Code | Meaning |\n| --- | --- |\n${rows.join("\n")}\n`;
  });
  return `${INTRODUCTION}${sections.join("")}`;
}

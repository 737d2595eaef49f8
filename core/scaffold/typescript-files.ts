import { titleOf } from "./scaffold-manifest.ts";

/** The entry: a search that works, to be replaced. */
export const ENTRY = `import { type Architecture, defineAlgorithm, propose } from "nas-harness";

/** As plugin.json declares them; they arrive checked and complete. */
interface Options {
  readonly patience: number;
}

/** Hill climbing with restarts. Everything lives inside of \`search\`: module variables would leak from run to run. */
export default defineAlgorithm<Options>({
  search: function* ({ space, random, budget, maxEpochs, options }) {
    let best: { architecture: Architecture; accuracy: number } | null = null;
    let failures = 0;
    // Asked before every proposal, because one that the budget can't pay for breaks the contract.
    while (budget.affords(maxEpochs)) {
      // Chance comes from \`random\` alone, so that the same seed gives the same run on every machine.
      const architecture: Architecture =
        best === null ? space.sample(random) : space.mutateEdgeUniform(best.architecture, random);
      const { validAccuracy } = yield propose(architecture, maxEpochs);
      if (best === null || validAccuracy > best.accuracy) {
        best = { architecture, accuracy: validAccuracy };
        failures = 0;
      } else if (++failures >= options.patience) {
        // Probably a local optimum. It is not lost: without an answer of ours, the run's best evaluation is the answer.
        best = null;
        failures = 0;
      }
    }
  },
});
`;

/** The entry's tests: the harness's checks, and one of whether the search is of any use. */
export function entryTest(name: string): string {
  return `import { type Algorithm, defineAlgorithm, propose, type Space } from "nas-harness";
import { conformanceChecks, runAlgorithm } from "nas-harness/testing";
import { expect, test } from "vitest";
import algorithm from "./index.ts";

// What every method has to keep to, each as a test of its own; they start processes, so they take seconds.
test.each(conformanceChecks(import.meta.dirname))("$title", ({ run }) => run(), 60_000);

let space: Space;
const randomSearch = defineAlgorithm({
  search: function* (context) {
    space = context.space;
    while (context.budget.affords(context.maxEpochs)) yield propose(space.sample(context.random), context.maxEpochs);
  },
});
// Only a run is given the space, and the accuracies below need it.
runAlgorithm(randomSearch, { accuracy: () => 0 });

/** Made up: the further down in the list of operations, the better. Neighbours are alike, as they are in real tables. */
function accuracy(architecture: number): number {
  return (space.choicesOf(architecture).reduce((sum, choice) => sum + choice, 0) / 24) * 100;
}

/** Mean accuracy of the answers of ten runs. */
function meanOf(method: Algorithm): number {
  const seeds = Array.from({ length: 10 }, (_, run) => \`seed \${run}\`);
  const found = seeds.map((seed) => {
    const { answers, failure } = runAlgorithm(method, { accuracy, options: { patience: 30 }, seed });
    expect(failure).toBeNull();
    return accuracy(answers[0]?.architecture ?? 0);
  });
  return found.reduce((sum, each) => sum + each, 0) / found.length;
}

test("${name} finds better cells than random search does", () => {
  expect(meanOf(algorithm)).toBeGreaterThan(meanOf(randomSearch) + 1);
});
`;
}

/** The page for whoever goes on from here. */
export function typescriptReadme(name: string, commands: string): string {
  return `# ${titleOf(name)}

A search method for nas-harness. It runs as it is: hill climbing with restarts.

## To fill in

- \`plugin.json\`: title, description, licence, authors; \`paper\` if there is one; each option with its default and description. \`name\` is part of every run's seed; raise \`version\` whenever a run may come out differently.
- \`index.ts\`: the search. It imports \`nas-harness\` and its own files, nothing else of the harness.
- \`index.test.ts\`: what your method is better at than random search.
- This page: which publication the method follows, and where it departs from it.

## Commands

From the folder above this one:

\`\`\`
${commands}
\`\`\`

\`check\` needs no table. \`index.test.ts\` makes the same checks with vitest, in a clone of nas-harness or where \`nas-harness\` and \`vitest\` are installed.

## Passing it on

\`nas-harness submit\` makes all runs of the protocol and writes the folder that is handed in as a pull request; \`docs/guides/submit.md\` of nas-harness says what verification looks for.

As a folder it may stay TypeScript: Node.js takes the types off when it loads it. Inside of \`node_modules\` it does not, so a package on npm needs JavaScript: compile \`index.ts\`, write \`"entry": "index.js"\` into \`plugin.json\`, and give it a \`package.json\` with \`"type": "module"\`, a name and a version, not \`"private"\`.
`;
}

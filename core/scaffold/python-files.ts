import { titleOf } from "./scaffold-manifest.ts";

/** The program: a search that works, to be replaced. */
export const PROGRAM = `"""Hill climbing with restarts."""

from nas_harness import propose, run


def search(context):
    # Everything lives in here: several runs share the process, and global variables would leak from one to another.
    space, generator, epochs = context.space, context.random, context.max_epochs
    best, best_accuracy, failures = None, 0.0, 0
    # Asked before every proposal, because one that the budget can't pay for breaks the contract.
    while context.budget.affords(epochs):
        # Chance comes from context.random alone, so that the same seed gives the same run on every machine.
        architecture = space.sample(generator) if best is None else space.mutate_edge_uniform(best, generator)
        accuracy = (yield propose(architecture, epochs)).valid_accuracy
        if best is None or accuracy > best_accuracy:
            best, best_accuracy, failures = architecture, accuracy, 0
        else:
            failures += 1
        if failures >= context.options["patience"]:
            # Probably a local optimum. It is not lost: without an answer of ours, the run's best evaluation is the answer.
            best, failures = None, 0


if __name__ == "__main__":
    run(search)
`;

/** The page for whoever goes on from here. */
export function pythonReadme(name: string, commands: string): string {
  return `# ${titleOf(name)}

A search method for nas-harness in Python. It runs as it is: hill climbing with restarts.

## To fill in

- \`plugin.json\`: title, description, licence, authors; \`paper\` if there is one; each option with its default and description. \`name\` is part of every run's seed; raise \`version\` whenever a run may come out differently.
- \`search.py\`: the search. \`nas_harness\` is one file that the harness brings along; nothing has to be installed.
- \`command\` in \`plugin.json\`, if your Python is not called \`python3\`. The program starts in this folder with an empty environment.
- This page: which publication the method follows, and where it departs from it.

## Commands

From the folder above this one:

\`\`\`
${commands}
\`\`\`

\`check\` needs no table; it is the test of a method in Python. \`print()\` goes to stderr and disturbs nothing.

## Passing it on

\`nas-harness submit\` makes all runs of the protocol and writes the folder that is handed in as a pull request; \`docs/guides/submit.md\` of nas-harness says what verification looks for.

The folder is all there is to it. As a package on npm it needs a \`package.json\` with a name and a version besides; methods in TypeScript have to be compiled to JavaScript for that, Python stays as it is.
`;
}

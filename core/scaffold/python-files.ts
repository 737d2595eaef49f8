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

/** The program's tests, with the standard library alone: what every search has to keep to, and whether it is of any use. */
export function programTest(name: string): string {
  return `"""Tests of ${name}'s search, on a made-up benchmark. nas-harness check makes more, in a process of its own."""

import json
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
# nas_harness comes with the harness: in the package that is installed in a folder above this one, or in its clone.
for above in (HERE, *HERE.parents):
    sys.path += [str(above / place) for place in ("node_modules/nas-harness/clients/python", "clients/python")]

from nas_harness import Space, propose, simulate
from search import search

EVALUATIONS = 100
SPACE = Space()
PROPERTIES = json.loads((HERE / "plugin.json").read_text(encoding="utf-8"))["options"]["properties"]
OPTIONS = {option: rules["default"] for option, rules in PROPERTIES.items()}


def accuracy(architecture):
    """Made up: the further down in the list of operations, the better. Neighbours are alike, as in real tables."""
    return sum(SPACE.choices_of(architecture)) / 24 * 100


def random_search(context):
    while context.budget.affords(context.max_epochs):
        yield propose(context.space.sample(context.random), context.max_epochs)


def run_of(method, seed):
    return simulate(method, accuracy, OPTIONS, seed, EVALUATIONS)


def mean_of(method):
    """Mean accuracy of the answers of ten runs."""
    return sum(accuracy(run_of(method, seed).answer) for seed in range(10)) / 10


class SearchTest(unittest.TestCase):
    def test_spends_its_budget(self):
        self.assertEqual(len(run_of(search, 1).trace), EVALUATIONS)

    def test_equal_seeds_give_equal_runs_and_others_do_not(self):
        first, other = run_of(search, 1), run_of(search, 2)
        self.assertEqual(run_of(search, 1), first)
        self.assertNotEqual(other, first)

    def test_finds_better_cells_than_random_search_does(self):
        self.assertGreater(mean_of(search), mean_of(random_search) + 1)


if __name__ == "__main__":
    unittest.main()
`;
}

/** The page for whoever goes on from here. */
export function pythonReadme(name: string, commands: string): string {
  return `# ${titleOf(name)}

A search method for nas-harness in Python. It runs as it is: hill climbing with restarts.

## To fill in

- \`plugin.json\`: title, description, licence, authors; \`paper\` if there is one; each option with its default and description. \`name\` is part of every run's seed; raise \`version\` whenever a run may come out differently.
- \`search.py\`: the search. \`nas_harness\` is one file that the harness brings along; nothing has to be installed.
- \`test_search.py\`: what your method is better at than random search.
- \`command\` in \`plugin.json\`, if your Python is not called \`python3\`. The program starts in this folder with an empty environment.
- This page: which publication the method follows, and where it departs from it.

## Commands

From the folder above this one:

\`\`\`
${commands}
\`\`\`

\`check\` needs no table. \`test_search.py\` needs nothing but Python and the harness, which it finds in a folder above this one; elsewhere, set \`PYTHONPATH\` to the harness's \`clients/python\`. \`print()\` goes to stderr and disturbs nothing.

## Passing it on

\`nas-harness submit\` makes all runs of the protocol and writes the folder that is handed in as a pull request; \`docs/guides/submit.md\` of nas-harness says what verification looks for.

The folder is all there is to it. As a package on npm it needs a \`package.json\` with a name and a version besides; methods in TypeScript have to be compiled to JavaScript for that, Python stays as it is.
`;
}

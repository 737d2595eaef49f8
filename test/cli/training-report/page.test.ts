import { describe, expect, test } from "vitest";
import { ALL_SKIP } from "../../../core/cli/training-report/operation-shares.ts";
import { fromChoices } from "../../../core/space/codec.ts";
import { type MadeUpTraining, otherMethod, pageOf, trainedMethod } from "./made-up-report.ts";

const CONVOLUTIONS = fromChoices([3, 3, 3, 3, 3, 3]);
const EMPTY = fromChoices([0, 0, 0, 0, 0, 0]);
const MIXED = fromChoices([1, 1, 1, 3, 0, 2]);
const ends = (test: number, ...cells: number[]): MadeUpTraining => ({ test, cells });
const skips = ends(60, CONVOLUTIONS, ALL_SKIP);
const convolutions = ends(80, ALL_SKIP, CONVOLUTIONS);
const section = (page: string, heading: string) =>
  page.split("\n## ").find((own) => own.startsWith(heading)) ?? "no such section";

describe("whether searches fall to skip connections", () => {
  const dartsOf = (...runs: MadeUpTraining[]) => pageOf([trainedMethod("darts-v1", runs)]);

  test("all runs, some or none", () => {
    expect(dartsOf(skips, skips)).toContain(
      "- **DARTS-V1 falls to skip connections here:** all 2 runs answer with `skip_connect` on all six edges.",
    );
    expect(dartsOf(skips, convolutions)).toContain(
      "**DARTS-V1 falls to skip connections in some runs:** 1 of 2 answer",
    );
    expect(dartsOf(convolutions, convolutions)).toContain(
      "none of 2 runs answers with `skip_connect` on all six edges, and 0 % of their answers' edges",
    );
    expect(dartsOf(ends(70, MIXED))).toContain("but 50 % of their answers' edges are `skip_connect`.");
  });

  test("shares over the epochs, with their highest point", () => {
    const page = section(dartsOf(ends(80, CONVOLUTIONS, ALL_SKIP, MIXED)), "DARTS");
    expect(page).toContain(
      "the share of `skip_connect` rises from 0 % after the first epoch to 50 % after the last, and is highest in between after epoch 2 (100 %). Most frequent at the end is `skip_connect` (50 %).",
    );
    expect(page).toContain("| after epoch | 1 | 2 | 3 |");
    expect(page).toContain("| `skip_connect` | 0 % | 100 % | 50 % |");
    expect(dartsOf(convolutions)).toContain("falls from 100 % after the first epoch to 0 % after the last. Most");
    expect(dartsOf(ends(80, MIXED))).toContain("is 50 % after the first epoch and after the last.");
  });

  test("what the cell of skip connections is worth on the table", () => {
    const value = (100 * ALL_SKIP) / 15_625;
    expect(dartsOf(skips)).toContain(
      `On this table the cell with \`skip_connect\` on all six edges (${ALL_SKIP}) has a test accuracy of ${value.toFixed(2)} and beats ${value.toFixed(1)} % of the cells.`,
    );
  });

  test("the published rows are told beside", () => {
    expect(section(dartsOf(skips), "DARTS")).toContain("DARTS-V1 has 54.30 ± 0.00 in both variants on CIFAR-10");
    expect(dartsOf(skips)).toContain(
      "ENAS has 53.89 ± 0.58 with running averages and 54.30 ± 0.00 with batch statistics",
    );
    expect(dartsOf(skips)).toContain("so every run of the row with batch statistics ended there.");
  });
});

describe("second order against first", () => {
  test("difference, shared answers and cost", () => {
    const page = pageOf([
      trainedMethod("darts-v1", [convolutions, convolutions, skips], 50),
      trainedMethod("darts-v2", [convolutions, ends(79, MIXED), ends(81, MIXED)], 125),
    ]);
    expect(page).toContain(
      "DARTS-V2's mean test accuracy less that of DARTS-V1 is +6.67 points with running averages.",
    );
    expect(page).toContain("1 of 3 answers of DARTS-V2 is also an answer of DARTS-V1");
    expect(page).toContain("A search of second order costs 2.5 times as much.");
    expect(page).toContain("with 3 against 3 runs its smallest two-sided p is 0.10.");
  });

  test("can't be said of different variants", () => {
    const page = pageOf([trainedMethod("darts-v1", [skips]), trainedMethod("darts-v2-batch-statistics", [skips])]);
    expect(page).toContain("**Second order against first.** Not to be said: no variant of both has finished.");
  });
});

describe("batch statistics", () => {
  test("differences of means, and what three runs can't show", () => {
    const page = pageOf([
      trainedMethod("gdas", [ends(80, MIXED), ends(80, MIXED), ends(80, MIXED)]),
      trainedMethod("gdas-batch-statistics", [ends(81, MIXED), ends(81, MIXED), ends(81, MIXED)]),
      trainedMethod("setn", [ends(70, MIXED), ends(90, MIXED), ends(80, MIXED)]),
      trainedMethod("setn-batch-statistics", [ends(79, MIXED), ends(79, MIXED), ends(79, MIXED)]),
    ]);
    expect(page).toContain(
      "Batch statistics have the higher mean in 1 of 2 methods with both variants; in 1 the difference is larger than both standard deviations. Mann-Whitney can't call",
    );
    expect(page).toContain("| GDAS | 80.00 ± 0.00 | 81.00 ± 0.00 | +1.00 | 93.61 ± 0.09 | 93.51 ± 0.13 |");
    expect(page).toContain("| SETN | 80.00 ± 8.16 | 79.00 ± 0.00 | -1.00 | 87.64 ± 0.00 | 86.19 ± 4.63 |");
  });

  test("methods that evaluate nothing show how far runs differ by chance", () => {
    const pair = (id: string, averages: number, batch: number) => [
      trainedMethod(id, [ends(averages, MIXED)]),
      trainedMethod(`${id}-batch-statistics`, [ends(batch, MIXED)]),
    ];
    const chance =
      "GDAS only trains its supernet, so its variants differ in nothing but their seeds: its difference of up to 2.00 points is what so few runs do by chance.";
    const small = pageOf([...pair("gdas", 80, 82), ...pair("setn", 80, 81)]);
    expect(small).toContain(
      `${chance} The largest difference of the methods that do evaluate, SETN, is 1.00 points; it is no larger than that, so nothing here says that batch statistics matter.`,
    );
    const large = pageOf([...pair("gdas", 80, 82), ...pair("setn", 80, 83)]);
    expect(large).toContain("SETN, is 3.00 points; it is larger than that, which is a hint and no proof.");
    expect(pageOf(pair("setn", 80, 83))).not.toContain("by chance");
  });

  test("can't be said of one variant", () => {
    expect(pageOf([trainedMethod("gdas", [skips])])).toContain(
      "Not to be said: no method has finished in both variants.",
    );
  });
});

describe("beside random search", () => {
  const [low, high] = [trainedMethod("gdas", [ends(70, MIXED)]), trainedMethod("setn", [ends(85, MIXED)])];
  const rs = otherMethod("rs", [79, 81]);

  test("none, some or all reach its mean", () => {
    expect(pageOf([low], { others: [rs] })).toContain(
      "- **No weight-sharing method reaches the mean test accuracy of RS (80.00 over 2 runs).**",
    );
    expect(pageOf([high], { others: [rs] })).toContain("**The one variant of weight-sharing methods reaches the mean");
    expect(pageOf([low, high], { others: [rs] })).toContain(
      "**1 of 2 variants of weight-sharing methods reaches the mean test accuracy of RS (80.00 over 2 runs):** SETN (85.00, for 2.0 times the simulated seconds).",
    );
    expect(pageOf([high, low], { others: [otherMethod("rs", [60])] })).toContain(
      "**All 2 variants of weight-sharing methods reach the mean",
    );
  });

  test("by descending mean, with differences and pairs of runs", () => {
    const own = section(pageOf([low, high], { others: [rs, otherMethod("rea", [80])] }), "Compared");
    expect(own).toMatch(
      /\*\*SETN\*\*.*\+5\.00 \| 100 %[\s\S]*\| RS \| 2 \| 80\.00 ± 1\.00 \| 0\.00 \| – [\s\S]*\*\*GDAS\*\*/,
    );
    expect(own).toContain("| REA | 1 | 80.00 ± 0.00 | 0.00 | 50 % |");
  });

  test("without it the page says so", () => {
    const page = pageOf([low]);
    expect(page).toContain("The results folder holds no other finished method under this protocol.");
    expect(page).toContain("There are no results of random search (RS) here to compare with.");
    expect(pageOf([low], { others: [otherMethod("rea", [80])] })).toContain(
      "There are no results of random search (`rs`) here.",
    );
  });

  test("seconds of looking up are no zero", () => {
    expect(pageOf([low], { others: [rs] })).toContain("| 25.0 | < 0.001 |");
  });
});

describe("answers", () => {
  const found = (...answers: number[]) =>
    section(
      pageOf([
        trainedMethod(
          "rsps",
          answers.map((cell) => ends(50, cell)),
        ),
      ]),
      "RSPS",
    );

  test("how far runs agree", () => {
    expect(found(MIXED, MIXED)).toContain("all 2 runs answer with the same cell; two of them agree on 6.0 of 6 edges");
    expect(found(MIXED, EMPTY)).toContain("no two of 2 runs answer with the same cell; two of them agree on 1.0 of 6");
    expect(found(MIXED, MIXED, EMPTY)).toContain("3 runs answer with 2 different cells;");
    expect(found(MIXED)).toContain("With running averages there is one run.");
  });

  test("edge by edge", () => {
    expect(found(MIXED)).toContain(
      `| RSPS | running averages | skip | skip | skip | 3x3 | none | 1x1 | 0 | ${MIXED} | 50.00 |`,
    );
  });

  test("shares of operations, and answers that are not connected", () => {
    const page = section(pageOf([trainedMethod("rsps", [ends(50, EMPTY), ends(50, CONVOLUTIONS)])]), "Operations");
    expect(page).toContain("`none`, no connection, holds 50 % of all answers' edges, more than the");
    expect(page).toContain("In 1 answer the input does not reach the output.");
    expect(page).toContain("| all answers |  | 12 | 50 % | 0 % | 0 % | 50 % | 0 % |");
    const connected = section(pageOf([trainedMethod("rsps", [ends(50, CONVOLUTIONS)])]), "Operations");
    expect(connected).toContain("holds 0 % of all answers' edges, less than the");
    expect(connected).toContain("In every answer the input reaches the output.");
  });
});

describe("the controller of ENAS", () => {
  const enas = [trainedMethod("enas", [skips])];

  test("entropy from the log", () => {
    const page = section(
      pageOf(enas, { hasLog: true, entropies: new Map([["enas", { runs: 1, means: [9.5, 0.25] }]]) }),
      "ENAS",
    );
    expect(page).toContain("mean over 1 run, in nats of a cell: 9.50 in the first epoch, 0.25 in the last");
    expect(page).toContain("(six independent uniform choices have 9.66,");
    expect(page).toContain("| nats | 9.50 | 0.25 |");
  });

  test("why it is not there", () => {
    expect(pageOf(enas)).toContain("can't be said: no epoch log was given");
    expect(pageOf(enas, { hasLog: true })).toContain("can't be said: the log has not every epoch of its runs.");
    expect(section(pageOf([trainedMethod("rsps", [skips])]), "ENAS")).toContain(
      "Nothing yet: no variant has finished.",
    );
  });
});

describe("the page as a whole", () => {
  test("the best and the worst against a random cell", () => {
    const random = pageOf([trainedMethod("gdas", [ends(80, MIXED)]), trainedMethod("rsps", [ends(40, MIXED)])]);
    expect(random).toContain("GDAS (80.00 ± 0.00 over 1 run); lowest: RSPS (40.00 ± 0.00 over 1 run).");
    expect(random).toContain("a uniformly random cell has 50.00; below that is the mean of RSPS.");
    expect(pageOf([trainedMethod("gdas", [ends(80, MIXED)]), trainedMethod("rsps", [ends(70, MIXED)])])).toContain(
      "no variant's mean is below that.",
    );
  });

  test("names what is left out, and only then", () => {
    expect(pageOf([trainedMethod("gdas", [skips])], { leftOut: ["ENAS (not run)", "SETN (not finished)"] })).toContain(
      "**Left out of this page**, because they have no finished results here: ENAS (not run) and SETN (not finished).",
    );
    expect(pageOf([trainedMethod("gdas", [skips])])).not.toContain("Left out");
  });

  test("variants with the same settings share a row; failed runs are named", () => {
    const [one, other] = [trainedMethod("gdas", [skips]), trainedMethod("gdas-batch-statistics", [skips])];
    expect(pageOf([one, other]).match(/\| GDAS \| 1\.0\.0 \|/g)).toHaveLength(1);
    const changed = pageOf([
      one,
      { ...other, options: { ...other.options, imagesPerEpoch: null, channels: 16 }, failed: 2 },
    ]);
    expect(changed.match(/\| GDAS \| 1\.0\.0 \|/g)).toHaveLength(2);
    expect(changed).toContain("| all | 64 |");
    expect(changed).toContain("| 1 (2 failed) |");
    expect(changed).toContain("Its supernets have 8 and 16 channels.");
  });

  test("tables have as many cells in every row", () => {
    const page = pageOf([trainedMethod("darts-v1", [skips]), trainedMethod("darts-v2", [skips])], {
      others: [otherMethod("rs", [79, 81])],
    });
    const blocks = page.split("\n\n").filter((block) => block.startsWith("|"));
    expect(blocks.length).toBeGreaterThan(6);
    for (const block of blocks) {
      expect(
        new Set(
          block
            .trim()
            .split("\n")
            .map((row) => row.split("|").length),
        ).size,
        block,
      ).toBe(1);
    }
    expect(page).not.toMatch(/NaN|undefined|null|Infinity/);
    expect(page.endsWith("\n") && !page.endsWith("\n\n")).toBe(true);
  });
});

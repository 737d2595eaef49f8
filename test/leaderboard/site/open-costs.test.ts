import { cpSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { openCosts } from "../../../leaderboard/site/open-costs.ts";
import { writeGeneratedCosts } from "../../helpers/generated-costs.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

test("tables of costs are opened once each; a broken one is left out, and the remark says why", () => {
  const root = temporaryFolder();
  const [whole, again, broken] = ["whole", "again", "broken"].map((name) => path.join(root, name)) as [
    string,
    string,
    string,
  ];
  writeGeneratedCosts(whole);
  cpSync(whole, again, { recursive: true });
  writeGeneratedCosts(broken, { id: "broken" });
  writeFileSync(path.join(broken, "costs.arrow"), "not Arrow");
  const remarks: string[] = [];
  expect(openCosts([whole, again, broken], remarks).map(({ card }) => card.id)).toEqual(["generated-costs"]);
  expect(remarks).toEqual([expect.stringContaining(`costs of ${broken} are left out: `)]);
});

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readCard } from "../../core/tables/search-view.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { runProcess } from "../helpers/process.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { hasTorch, needsTorch, runTorch } from "../helpers/torch.ts";

const GENERATOR = path.join(REPOSITORY, "test/bench/official-folder/generate.py");
const CELLS = 4;

/** Puts the folder's cells into the single file of NATS-Bench and into both containers of torch.save. */
const COMBINE = `
import bz2, glob, os, pickle, sys, torch
folder, target = sys.argv[1], sys.argv[2]
meta = pickle.load(bz2.open(os.path.join(folder, "meta.pickle.pbz2")))
files = sorted(glob.glob(os.path.join(folder, "0*.pickle.pbz2")))
cells = {int(os.path.basename(file)[:6]): pickle.load(bz2.open(file)) for file in files}
whole = {"meta_archs": meta["meta_archs"], "total_archs": 15625, "arch2infos": cells, "evaluated_indexes": set(cells)}
with bz2.open(os.path.join(target, "single.pickle.pbz2"), "wb") as file:
    pickle.dump(whole, file, protocol=4)
old = {index: {"less": cell["12"], "full": cell["200"]} for index, cell in cells.items()}
earlier = {"meta_archs": meta["meta_archs"], "arch2infos": old, "evaluated_indexes": list(old)}
torch.save(earlier, os.path.join(target, "legacy.pth"), _use_new_zipfile_serialization=False)
torch.save(earlier, os.path.join(target, "zip.pth"))
`;

describe.skipIf(!hasTorch)(needsTorch("the same cells in every container"), () => {
  test("become tables of the same content", async () => {
    const work = temporaryFolder();
    const files = path.join(work, "files");
    mkdirSync(files);
    const made = await runProcess("python3", [GENERATOR, files, "--architectures", `${CELLS}`, "--jobs", "2"]);
    expect(made.exitCode, made.stderr).toBe(0);
    execFileSync("tar", ["cf", path.join(work, "files.tar"), "-C", work, "files"]);
    runTorch(COMBINE, files, work);
    const contentHash = async (format: string, name: string) => {
      const table = path.join(work, `table-${name}`);
      const result = await runCommandLine(["table", "import", format, path.join(work, name), "-o", table]);
      expect(result.exitCode, result.stderr).toBe(0);
      const card = readCard(table);
      expect(card.architectures).toBe(CELLS);
      return card.searchContentHash;
    };
    const expected = await contentHash("nats-bench", "files");
    expect(await contentHash("nats-bench", "files.tar")).toBe(expected);
    expect(await contentHash("nats-bench", "single.pickle.pbz2")).toBe(expected);
    expect(await contentHash("nas-bench-201", "legacy.pth")).toBe(expected);
    expect(await contentHash("nas-bench-201", "zip.pth")).toBe(expected);
  });
});

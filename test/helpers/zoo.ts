import { writeFileSync } from "node:fs";
import path from "node:path";
import { algorithmManifest, writePlugin } from "./plugin-folder.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Languages of {@link badPlugin}. */
export type Language = "node" | "python";

function nodeSource(top: string, body: string): string {
  return `import { defineAlgorithm, propose } from "nas-harness";
import fs from "node:fs";
import child from "node:child_process";
import threads from "node:worker_threads";
import net from "node:net";
${top}
export default defineAlgorithm({ create: ({ space, random, budget, maxEpochs }) => {
  const isBad = random.uniform() < 0.5;
  let told = 0;
  return {
    ask() {
      if (isBad && told === 2) { ${body} }
      return budget.affords(maxEpochs) ? propose(space.sample(random), maxEpochs) : null;
    },
    tell() { told++; },
  };
} });
`;
}

function pythonSource(top: string, body: string): string {
  return `import os, signal, socket, subprocess, sys
from nas_harness import propose, run
${top}
def search(context):
    bad = context.random.random() < 0.5
    told = 0
    while context.budget.affords(context.max_epochs):
        if bad and told == 2:
            ${body.split("\n").join("\n            ")}
        yield propose(context.space.sample(context.random), context.max_epochs)
        told += 1
run(search)
`;
}

/**
 * A plugin that does something bad after two evaluations in about half of its runs, and searches at random otherwise.
 * @param body statements in its language
 * @param top statements at the top of its module
 * @returns its folder
 */
export function badPlugin(name: string, language: Language, body: string, top = ""): string {
  const folder = path.join(temporaryFolder(), name);
  if (language === "node") return writePlugin(folder, algorithmManifest({ name }), nodeSource(top, body));
  const command = ["python3", "search.py"];
  writePlugin(folder, algorithmManifest({ name, entry: undefined, runtime: "process", command }), null);
  writeFileSync(path.join(folder, "search.py"), pythonSource(top, body));
  return folder;
}

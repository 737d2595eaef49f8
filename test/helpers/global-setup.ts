import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { writeGeneratedTable } from "./generated-table.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Folder of the generated table that all tests share; read-only by agreement. */
    generatedTable: string;
  }
}

/** Writes the generated table once for all test files. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(path.join(os.tmpdir(), "nas-harness-table-"));
  const table = path.join(folder, "generated");
  writeGeneratedTable(table);
  project.provide("generatedTable", table);
  return () => rmSync(folder, { recursive: true, force: true });
}

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { datasetScaffold } from "../../core/scaffold/dataset-scaffold.ts";

/** Writes the files of `new dataset` into a folder that is not there yet, and returns it. */
export function writeNewDataset(folder: string, name = "my-dataset"): string {
  for (const [place, text] of datasetScaffold(name, folder)) {
    const file = path.join(folder, place);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

/** Replaces a part of a text file. @throws Error if the part is not there, so that a test can't go on unchanged */
export function editText(file: string, part: string, replacement: string): void {
  const text = readFileSync(file, "utf8");
  if (!text.includes(part)) throw new Error(`${file} does not hold ${part}`);
  writeFileSync(file, text.replaceAll(part, replacement));
}

/** Changes a JSON file. @param change gets the document and alters it */
export function editJson<Document>(file: string, change: (document: Document) => void): void {
  const document = JSON.parse(readFileSync(file, "utf8")) as Document;
  change(document);
  writeFileSync(file, JSON.stringify(document, null, 2));
}

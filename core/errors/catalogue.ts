/**
 * Every error code of the harness, the exit code it leads to and what it means.
 * Exit codes: 1 failed, 2 usage or schema, 3 a plugin broke its contract, 4 environment.
 * `docs/errors.md` is generated from this table; `test/errors/catalogue.test.ts` demands a test for each code.
 */
export const ERROR_CATALOGUE = {
  NAS_ARCHITECTURE_SYNTAX: { exit: 2, meaning: "An architecture string does not have the form of the cell space." },
  NAS_ARCHITECTURE_INDEX: { exit: 2, meaning: "An architecture index is not an integer from 0 to 15624." },
  NAS_SCHEMA: { exit: 2, meaning: "A JSON document breaks its schema; all faults are listed." },
  NAS_JSON: { exit: 2, meaning: "A file that should hold JSON does not parse." },
  NAS_FILE_NOT_FOUND: { exit: 2, meaning: "A file or folder that was named does not exist." },
  NAS_FILE_UNREADABLE: { exit: 4, meaning: "A file exists but can't be read." },
  NAS_WRITE_FAILED: { exit: 4, meaning: "Output can't be written (read-only folder, full disk, missing rights)." },
  NAS_OUTPUT_LOCKED: { exit: 4, meaning: "Another process is writing to the same output folder." },
  NAS_OUTPUT_EXISTS: { exit: 2, meaning: "The output folder already holds files; nothing was overwritten." },
  NAS_RESUME_MISMATCH: { exit: 2, meaning: "The results to resume were made from other inputs." },
  NAS_RECORD_CORRUPT: { exit: 1, meaning: "A stored record does not match its own digest or format." },
  NAS_SHARDS_INCOMPLETE: { exit: 1, meaning: "The shards to merge do not make up the whole plan." },
  NAS_SHARDS_CONFLICT: { exit: 1, meaning: "The shards to merge disagree with one another." },
  NAS_REVEAL_INCOMPLETE: { exit: 1, meaning: "Test values are revealed only after the whole plan has run." },
  NAS_RESULTS_MISSING: { exit: 4, meaning: "Results that a comparison needs were not made yet." },
  NAS_USAGE: { exit: 2, meaning: "A command was called with arguments that it does not take." },
  NAS_NODE_VERSION: { exit: 4, meaning: "This Node.js is too old." },
  NAS_TABLE_NOT_FOUND: { exit: 4, meaning: "No benchmark table was found that the protocol can use." },
  NAS_TABLE_CORRUPT: { exit: 4, meaning: "A table's file is missing, truncated or differs from its recorded SHA-256." },
  NAS_TABLE_REFUSED: { exit: 2, meaning: "The table lacks something that the protocol names." },
  NAS_TABLE_CHECK_FAILED: { exit: 1, meaning: "A table's values are out of range or miss the published optimum." },
  NAS_NOT_RECORDED: {
    exit: 2,
    meaning: "The value asked for (dataset, recipe, split, epoch or seed) is not recorded.",
  },
  NAS_CSV_COLUMN: { exit: 2, meaning: "A CSV lacks a column that the mapping names." },
  NAS_CSV_VALUE: { exit: 2, meaning: "A CSV cell holds no usable value." },
  NAS_CSV_ARCHITECTURES: { exit: 2, meaning: "A CSV does not hold each of the 15,625 architectures exactly once." },
  NAS_CSV_SYNTAX: { exit: 2, meaning: "A CSV file (or its gzip wrapping) is malformed." },
  NAS_BENCHMARK_FILE: {
    exit: 2,
    meaning:
      "A file of another benchmark project can't be imported: it is malformed, incomplete or lacks what a table needs.",
  },
  NAS_IMPORT: {
    exit: 2,
    meaning: "Files that should become a table contradict one another, or are not what their name says.",
  },
  NAS_PROTOCOL_NOT_FOUND: { exit: 2, meaning: "No protocol has this name." },
  NAS_PROTOCOL_INVALID: { exit: 2, meaning: "A protocol contradicts itself although its schema holds." },
  NAS_PLUGIN_NOT_FOUND: { exit: 2, meaning: "No plugin was found under this name, path or package." },
  NAS_PLUGIN_MANIFEST: { exit: 2, meaning: "A plugin.json is broken; all faults are listed." },
  NAS_LOCK_FILE: { exit: 2, meaning: "A plugin's lock file is broken or too lax; all faults are listed." },
  NAS_INSTALL: { exit: 4, meaning: "The packages that a plugin's lock file names could not be installed." },
  NAS_PLUGIN_ENTRY: { exit: 3, meaning: "A plugin's entry file can't be loaded or exports the wrong thing." },
  NAS_PLUGIN_OPTIONS: { exit: 2, meaning: "Options do not fit the plugin's options schema." },
  NAS_PLUGIN_CAPABILITY: { exit: 2, meaning: "A plugin needs something that the protocol or this version can't give." },
  NAS_HOOK: { exit: 3, meaning: "An extension used a hook wrongly or threw inside one." },
  NAS_PROPOSAL_INVALID: {
    exit: 3,
    meaning: "An algorithm proposed something that is not an architecture with epochs.",
  },
  NAS_PROPOSAL_EPOCHS: { exit: 3, meaning: "An algorithm proposed an epoch that the protocol does not offer." },
  NAS_PROPOSAL_SPLIT: {
    exit: 3,
    meaning: "An algorithm asked for another dataset, recipe or split than the protocol's.",
  },
  NAS_CONSTRAINT_VIOLATED: {
    exit: 3,
    meaning: "An algorithm proposed or answered an architecture that a constraint of the protocol forbids.",
  },
  NAS_BUDGET_EXCEEDED: { exit: 3, meaning: "An algorithm proposed past a budget whose price it knew." },
  NAS_ALGORITHM_THREW: { exit: 3, meaning: "An algorithm threw an error." },
  NAS_ALGORITHM_TIMEOUT: { exit: 3, meaning: "An algorithm did not return within the per-run wall-clock limit." },
  NAS_ALGORITHM_DIED: { exit: 3, meaning: "The process that ran an algorithm ended or ran out of memory." },
  NAS_ALGORITHM_MUTATED: { exit: 3, meaning: "An algorithm tried to change an object that the harness gave it." },
  NAS_ALGORITHM_ANSWER: { exit: 3, meaning: "An algorithm gave no answer, or one that is not an architecture." },
  NAS_ALGORITHM_CONFORMANCE: { exit: 3, meaning: "An algorithm fails checks that every algorithm should pass." },
  NAS_GUEST_MESSAGE: { exit: 3, meaning: "A method's process sent something that is no message of the wire protocol." },
  NAS_ISOLATION: { exit: 4, meaning: "The isolation that was asked for is not to be had on this machine." },
  NAS_SUBMISSION: { exit: 2, meaning: "What is to be submitted, or a submission's folder, is none that can be taken." },
  NAS_VERIFICATION_FAILED: { exit: 1, meaning: "A submission failed checks of its verification; all are listed." },
  NAS_AUDIT_FAILED: { exit: 1, meaning: "Training a trial again gave other numbers or weights than the table has." },
  NAS_BUILD_CORRUPT: { exit: 1, meaning: "A stored training of a table build can't be read." },
  NAS_IMAGES: { exit: 4, meaning: "Image files are missing, malformed or do not match their checksums." },
  NAS_PICKLE: {
    exit: 4,
    meaning: "A pickle is broken or holds something that is not read; nothing in it is ever run.",
  },
  NAS_BZIP: { exit: 4, meaning: "A bzip2 file is broken, ends too early or is none." },
  NAS_ZIP: { exit: 4, meaning: "A zip file is broken, ends too early or packs what should be stored." },
  NAS_OFFICIAL_FILE: {
    exit: 4,
    meaning:
      "A file is not an official file of NAS-Bench-201 or NATS-Bench (tss), or something in it is not as in those.",
  },
  NAS_DOWNLOAD: { exit: 4, meaning: "A file can't be fetched, is not the expected one, or its archive is broken." },
  NAS_DATASET_FILES: { exit: 4, meaning: "Files of a dataset that have no address must be brought by hand." },
  NAS_DATASET: {
    exit: 3,
    meaning: "A dataset threw, gave images that its manifest does not describe, or fails a check of datasets.",
  },
  NAS_ARRAY_FILE: { exit: 2, meaning: "A .npy or .npz file is malformed or holds elements that are not read." },
  NAS_WEIGHTS: {
    exit: 2,
    meaning: "Weights are missing, broken, of another architecture or for images of another shape.",
  },
  NAS_TRAINING_BACKEND: {
    exit: 4,
    meaning: "The TensorFlow.js backend that should train is not installed, does not start or was changed.",
  },
  NAS_TRAINING_SHAPE: { exit: 2, meaning: "A network's shape is one that the training kernels can't take." },
  NAS_TRAINING_CALL: { exit: 3, meaning: "A method called its training capability with something that it can't take." },
  NAS_TRAINING_SPLIT: { exit: 3, meaning: "A method that trains asked for test images." },
  NAS_TRAINING_IMAGES: { exit: 3, meaning: "A method that trains changed the images." },
  NAS_TRAINING_NAN: {
    exit: 3,
    meaning: "The weights or the parameters of a method that trains are no finite numbers.",
  },
  NAS_TRAINING_LEAK: { exit: 3, meaning: "A method that trains takes more memory with every epoch." },
  NAS_TRAINING_BUDGET: { exit: 3, meaning: "A method wanted to train for more than the protocol's training budget." },
  NAS_TRAINING_REPORT: { exit: 3, meaning: "A method that trains reported an epoch in the wrong form." },
  NAS_INTERNAL: { exit: 1, meaning: "A defect of the harness itself; please report it." },
} as const satisfies Record<string, { exit: 1 | 2 | 3 | 4; meaning: string }>;

/** A stable error code. */
export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/** The exit code that a command ends with on this error. */
export function exitCodeOf(code: ErrorCode): number {
  return ERROR_CATALOGUE[code].exit;
}

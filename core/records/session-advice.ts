import { adviseAfterWriteFailure } from "../files/atomic-file.ts";

/** new: refuse a folder with results; resume: keep them and run what is missing; overwrite: delete them. */
export type SessionMode = "new" | "resume" | "overwrite";

const ADVICE: Readonly<Record<SessionMode, string>> = {
  new: "free space or name another --output; to go on in the same one add --resume: finished runs are kept",
  resume: "free space or name another --output; in the same one the same command goes on: finished runs are kept",
  overwrite:
    "free space or name another --output; in the same one --resume instead of --overwrite keeps the finished runs that are there",
};

/** The error of a session or of what follows it, where it is a failed write with the advice that its mode needs. */
export function withSessionAdvice(error: unknown, mode: SessionMode): unknown {
  return adviseAfterWriteFailure(error, ADVICE[mode]);
}

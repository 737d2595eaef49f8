import { HarnessError, messageOf } from "../../errors/harness-error.ts";

/** An error of opening or reading as one that names the file. */
export function readFailure(file: string, thrown: unknown): unknown {
  if (thrown instanceof HarnessError) return thrown;
  const { code, syscall } = thrown as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") {
    const what = "there is no such file";
    return new HarnessError("NAS_FILE_NOT_FOUND", { what, where: file, next: "check the path", cause: thrown });
  }
  if (syscall === undefined) return thrown;
  const what = `the file can't be read: ${messageOf(thrown)}`;
  return new HarnessError("NAS_FILE_UNREADABLE", { what, where: file, next: "check the path", cause: thrown });
}

import path from "node:path";
import { plainText } from "../../leaderboard/generator/text.ts";

/** A path as a page should name it: below the working folder the same however it was typed; quoted for a shell. */
export function shownPath(given: string): string {
  const relative = path.relative(process.cwd(), path.resolve(given));
  const text = plainText(relative === "" || relative.startsWith("..") ? given : relative).replaceAll(path.sep, "/");
  return /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

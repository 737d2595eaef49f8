const WHITE_SPACE = /[ \t\n\r]*/y;
const LITERAL = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const FIRST_PRINTABLE = 0x20;

/** Where a match of a sticky pattern at this offset ends, or -1. */
function endOfMatch(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

/** Where the string that starts at this offset ends, or -1 if it is malformed. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; ) {
    if (text[at] === '"') return at + 1;
    if (text[at] === "\\") {
      at = endOfMatch(ESCAPE, text, at);
      if (at < 0) return -1;
    } else if (text.charCodeAt(at) >= FIRST_PRINTABLE) at++;
    else return -1;
  }
  return -1;
}

/** What may come next. */
type Expected = "value" | "value or ]" | "key" | "key or }" | ":" | ", or end" | "nothing";

/** What may come after a token, or null if the token does not belong here. `open` are the open brackets, outermost first. */
function after(expected: Expected, token: string, open: string[]): Expected | null {
  const afterValue = (): Expected => (open.length === 0 ? "nothing" : ", or end");
  const close = (bracket: string) => (open.pop() === bracket ? afterValue() : null);
  const wantsKey = expected === "key" || expected === "key or }";
  if (wantsKey && token === '"') return ":";
  if (expected === ":") return token === ":" ? "value" : null;
  if (expected === ", or end") {
    if (token === ",") return open.at(-1) === "{" ? "key" : "value";
    return token === "}" ? close("{") : token === "]" ? close("[") : null;
  }
  if (expected === "key or }" && token === "}") return close("{");
  if (expected === "value or ]" && token === "]") return close("[");
  if (wantsKey || expected === "nothing" || "}],:".includes(token)) return null;
  if (token !== "{" && token !== "[") return afterValue();
  open.push(token);
  return token === "{" ? "key or }" : "value or ]";
}

/** Offset of the first token that makes a text no JSON: its length if the text ends too early. */
function faultOffset(text: string): number {
  const open: string[] = [];
  let expected: Expected | null = "value";
  for (let at = 0; ; ) {
    const start = endOfMatch(WHITE_SPACE, text, at);
    const token = text[start];
    if (token === undefined) return start;
    if ("{}[],:".includes(token)) at = start + 1;
    else at = token === '"' ? endOfString(text, start) : endOfMatch(LITERAL, text, start);
    expected = at < 0 ? null : after(expected, token, open);
    if (expected === null) return start;
  }
}

/**
 * Line and column (from 1) of the first token that makes a text no JSON. V8's own messages tell them only for some faults.
 */
export function jsonFaultPosition(text: string): { line: number; column: number } {
  const lines = text.slice(0, faultOffset(text)).split("\n");
  return { line: lines.length, column: (lines.at(-1) as string).length + 1 };
}

/** True for lists of finite numbers and nulls, nested or not: a trace. `JSON.stringify` writes those canonically. */
function isNumeric(list: readonly unknown[]): boolean {
  for (const item of list) {
    if (item === null || (typeof item === "number" && Number.isFinite(item))) continue;
    if (!Array.isArray(item) || !isNumeric(item)) return false;
  }
  return true;
}

/**
 * Canonical JSON as RFC 8785 defines it: no white space, keys sorted by UTF-16 code units, numbers and strings as
 * ECMAScript writes them. Strict where `JSON.stringify` is lenient: what JSON can't hold is an error, never dropped.
 * @throws TypeError for undefined, functions, symbols, bigints, NaN, infinities and lone surrogates
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`JSON can't hold ${value}`);
    return JSON.stringify(value);
  }
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw new TypeError("JSON can't hold a lone surrogate");
    return JSON.stringify(value);
  }
  if (Array.isArray(value) && isNumeric(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${Array.from(value, canonicalJson).join(",")}]`;
  if (typeof value === "object") {
    const members = Object.keys(value)
      .sort()
      .map((key) => `${canonicalJson(key)}:${canonicalJson((value as Record<string, unknown>)[key])}`);
    return `{${members.join(",")}}`;
  }
  throw new TypeError(`JSON can't hold a value of type ${typeof value}`);
}

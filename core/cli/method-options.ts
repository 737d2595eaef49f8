import { HarnessError } from "../errors/harness-error.ts";

/** `method.name=value` flags by method; values are JSON where they parse, text otherwise. @throws NAS_USAGE */
export function optionsByMethod(
  flags: readonly string[],
  methods: readonly string[],
): Map<string, Record<string, unknown>> {
  const byMethod = new Map<string, Record<string, unknown>>();
  for (const flag of flags) {
    const match = /^([a-z0-9-]+)\.([A-Za-z0-9_]+)=(.*)$/s.exec(flag);
    const [, method = "", name = "", text = ""] = match ?? [];
    if (match === null || !methods.includes(method)) {
      throw new HarnessError("NAS_USAGE", {
        what: match === null ? `"${flag}" is no option of a method` : `option for "${method}", which is not run`,
        where: "--option",
        allowed: `<method>.<name>=<value> with one of the methods ${methods.join(", ")}`,
        next: "nas-harness list <method> shows a method's options",
      });
    }
    let value: unknown = text;
    try {
      value = JSON.parse(text);
    } catch {
      // A text such as edge-uniform needs no quotes.
    }
    byMethod.set(method, { ...byMethod.get(method), [name]: value });
  }
  return byMethod;
}

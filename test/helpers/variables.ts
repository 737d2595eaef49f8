import { onTestFinished } from "vitest";

/** Sets variables of the environment for one test; undefined removes one. Call it inside a test. */
export function setVariables(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    const before = process.env[name];
    const put = (text: string | undefined) => {
      if (text === undefined) delete process.env[name];
      else process.env[name] = text;
    };
    put(value);
    onTestFinished(() => put(before));
  }
}

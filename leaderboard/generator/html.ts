import { escapeHtml } from "./text.ts";

/** HTML that is safe to put into a page. */
export class Html {
  readonly text: string;

  /** @param text markup of this program's own, or already escaped */
  constructor(text: string) {
    this.text = text;
  }
}

type Insertable = Html | string | number | null | readonly Insertable[];

function inserted(value: Insertable): string {
  if (value === null) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "string") return escapeHtml(value);
  if (typeof value === "number") return String(value);
  let text = "";
  for (const one of value) text += inserted(one);
  return text;
}

/** A template tag: texts that are inserted are escaped, HTML is not, lists are joined, null is nothing. */
export function html(markup: TemplateStringsArray, ...values: readonly Insertable[]): Html {
  let text = markup[0] as string;
  for (let at = 0; at < values.length; at++) text += inserted(values[at] ?? null) + markup[at + 1];
  return new Html(text);
}

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
  if (typeof value === "string" || typeof value === "number") return escapeHtml(String(value));
  return value.map(inserted).join("");
}

/** A template tag: texts that are inserted are escaped, HTML is not, lists are joined, null is nothing. */
export function html(markup: TemplateStringsArray, ...values: readonly Insertable[]): Html {
  return new Html(markup.map((part, at) => part + inserted(values[at] ?? null)).join(""));
}

import { type PlotOptions, plot } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { Html } from "../../generator/html.ts";

/** The document that plots are made in; linkedom's, since nothing here runs in a browser. */
const { document } = parseHTML("<!doctype html><html><body></body></html>");

/** What a plot shows, for those who can't see it. */
export interface PlotDescription {
  /** One line: what it is. */
  readonly title: string;
  /** What a reader would see in it. */
  readonly text: string;
}

/** What is used of the element that Plot gives. */
interface SvgElement {
  readonly outerHTML: string;
  setAttribute(name: string, value: string): void;
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/**
 * A plot as an SVG element that stands alone: its text has the colour of what is around it, so that it works in both themes.
 * @param options of Observable Plot; no mark may have a legend or a figure's title, which are no part of the SVG
 */
export function plotSvg(options: PlotOptions, { title, text }: PlotDescription): Html {
  const element = plot({
    ...options,
    // linkedom has of the document what Plot uses, and other types.
    document: document as never,
    style: { background: "none", fontSize: "12px", overflow: "visible" },
  }) as unknown as SvgElement;
  element.setAttribute("role", "img");
  element.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const markup = element.outerHTML;
  const end = markup.indexOf(">") + 1;
  return new Html(
    `${markup.slice(0, end)}<title>${escaped(title)}</title><desc>${escaped(text)}</desc>${markup.slice(end)}`,
  );
}

import { type PlotOptions, plot } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { Html } from "../../generator/html.ts";
import { escapeHtml } from "../../generator/text.ts";

/** The document that plots are made in; linkedom's, since nothing here runs in a browser. */
const { document } = parseHTML("<!doctype html><html><body></body></html>");

/**
 * Width of every chart in its own units, and size of its text: on a phone of 360 pixels the text is still 9 pixels high. Pages
 * show a chart at most this wide.
 */
export const CHART_WIDTH = 520;
const FONT_SIZE = 14;

/** Average width of a letter in these units; a guess, since nothing here knows the font. */
export const LETTER_WIDTH = 8;

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
}

/** A name that fits into a chart: at most so many characters, the last of a longer one an ellipsis. */
export function shortName(name: string, longest: number): string {
  const letters = [...name];
  return letters.length <= longest
    ? name
    : `${letters
        .slice(0, longest - 1)
        .join("")
        .trimEnd()}…`;
}

/** The beginning of a chart's SVG element with its description. `viewBox` starts at 0 0. */
export function svgStart(width: number, height: number, { title, text }: PlotDescription): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="${FONT_SIZE}" text-anchor="middle" fill="currentColor"><title>${escapeHtml(title)}</title><desc>${escapeHtml(text)}</desc>`;
}

/** Coordinates in markup with two decimals: more can't be seen. */
function rounded(markup: string): string {
  const shorter = (number: string) => String(Number(Number(number).toFixed(2)));
  return markup.replaceAll(/<[^>]*>/g, (tag) => tag.replaceAll(/-?\d+\.\d{3,}(e-\d+)?/g, shorter));
}

/**
 * A plot as an SVG element that stands alone: its text has the colour of what is around it, so that it works in both themes. It
 * has no styles, which a page's policy would forbid, and no ids; each mark's group says what it is in `data-mark`, and in
 * `data-part` what its `ariaDescription` was.
 * @param options of Observable Plot; no mark may have a legend, a figure's title or a clip, which are no part of the SVG
 * @param labels what is drawn over it
 */
export function plotSvg(
  options: PlotOptions & { readonly height: number },
  description: PlotDescription,
  labels: readonly Html[] = [],
): Html {
  const element = plot({
    width: CHART_WIDTH,
    ...options,
    // linkedom has of the document what Plot uses, and other types.
    document: document as never,
  }) as unknown as SvgElement;
  const inner = element.outerHTML
    .replace(/^<svg[^>]*>(<style>[^<]*<\/style>)?/, "")
    .replace(/<\/svg>$/, "")
    .replaceAll(/ style="[^"]*"/g, "")
    .replaceAll(/ aria-hidden="true"/g, "")
    .replaceAll(' aria-label="', ' data-mark="')
    .replaceAll(' aria-description="', ' data-part="');
  const start = svgStart(options.width ?? CHART_WIDTH, options.height, description);
  return new Html(`${start}${rounded(inner)}${labels.map((label) => label.text).join("")}</svg>`);
}

/** What stands where a chart would be empty. */
export function noChart(reason: string): Html {
  return new Html(`<p class="no-chart">${escapeHtml(reason)}</p>`);
}

import { DOMParser } from "linkedom";
import { expect } from "vitest";
import type { Html } from "../../leaderboard/generator/html.ts";

/** What tests ask of an element. */
export interface SvgElement {
  readonly textContent: string;
  getAttribute(name: string): string | null;
  querySelector(selector: string): SvgElement | null;
  querySelectorAll(selector: string): Iterable<SvgElement>;
}

const NUMBERS = ["d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "transform"];

/**
 * Reads a chart, after the checks that every chart must pass: a title and a description, no number that is none, nothing that
 * a page's policy forbids or that could clash with another chart's.
 */
export function readChart(chart: Html): SvgElement {
  expect(chart.text).toMatch(/^<svg [^>]*role="img"[^>]*><title>[^<]+<\/title><desc>[^<]+<\/desc>/);
  expect(chart.text).not.toMatch(/<style|<script| style=| id=| on[a-z]+=|url\(|href/);
  const svg = new DOMParser().parseFromString(chart.text, "image/svg+xml") as unknown as SvgElement;
  for (const name of NUMBERS) {
    for (const element of svg.querySelectorAll(`[${name}]`)) {
      expect(element.getAttribute(name), name).not.toMatch(/NaN|undefined|null|Infinity/);
    }
  }
  return svg;
}

/** The elements of a mark, by the name that its group has in `data-mark` or `data-part`. */
export function markElements(svg: SvgElement, mark: string, element: string): SvgElement[] {
  return ["mark", "part"].flatMap((kind) => [
    ...svg.querySelectorAll(`[data-${kind}="${mark}"] ${element}, ${element}[data-${kind}="${mark}"]`),
  ]);
}

/** Texts of a mark. */
export function markTexts(svg: SvgElement, mark: string): string[] {
  return markElements(svg, mark, "text").map(({ textContent }) => textContent);
}

import type { Html } from "../../generator/html.ts";

/** Ink on paper. */
const INK = "#000000";
const PAPER_FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif";

/**
 * A chart as an SVG document of its own for a paper: black text and lines, a font that is everywhere, no background.
 * @param chart an SVG element of this program's own
 * @param widthMm width on paper in mm; null: as many pixels as the chart has units
 */
export function paperFigure(chart: Html, widthMm: number | null): string {
  const coloured = chart.text
    .replaceAll('"currentColor"', `"${INK}"`)
    .replace('font-family="system-ui, sans-serif"', `font-family="${PAPER_FONT}"`);
  const [, width = "1", height = "1"] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(coloured) ?? [];
  const sized =
    widthMm === null
      ? coloured
      : coloured.replace(
          / width="[\d.]+" height="[\d.]+"/,
          ` width="${widthMm}mm" height="${((widthMm * Number(height)) / Number(width)).toFixed(1)}mm"`,
        );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${sized}\n`;
}

/** Whether a chart is one, and not the sentence that stands where it would be empty. */
export function isDrawn(chart: Html): boolean {
  return chart.text.startsWith("<svg");
}

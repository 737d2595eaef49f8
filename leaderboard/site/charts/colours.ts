/**
 * Colours of methods: Okabe and Ito's palette (M. Okabe and K. Ito, Color Universal Design, 2008), which people with any colour
 * vision tell apart, without its yellow and black, which vanish on one of the two themes.
 */
const PALETTE: readonly string[] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00"];

/** The colour of whatever has none of its own; readable on both themes. */
export const GREY = "#808791";

/** The colour of what is no method's; readable on both themes. */
export const ACCENT = "#3a8fc9";

/** The colour of the method at a position; those past the palette are grey, so a name always stands besides. */
export function colourAt(position: number): string {
  return PALETTE[position] ?? GREY;
}

/** Number of methods that have a colour of their own. */
export const COLOURS = PALETTE.length;

/**
 * Colours of methods: Okabe and Ito's palette (M. Okabe and K. Ito, Color Universal Design, 2008), which people with any colour
 * vision tell apart, without its yellow and black, which vanish on one of the two themes.
 */
const PALETTE: readonly string[] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#8a8f98"];

/** The colour of the method at a position; positions past the palette begin again, so a line needs a label besides. */
export function colourAt(position: number): string {
  return PALETTE[position % PALETTE.length] as string;
}

/** Every decimal of so many digits that is a float32 is found again from its float32 (FLT_DIG of C). */
const CERTAIN_DIGITS = 6;
/** So many digits tell any two float32 apart. */
const ENOUGH_DIGITS = 9;
const SMALLEST_NORMAL = 1.1754943508222875e-38;

/**
 * The shortest decimal that gives the same float32: 91.6 and not 91.5999984741211, the double that equals it.
 * @param value a float32, also infinite or NaN
 */
export function float32Text(value: number): string {
  const text = (digits: number) => Number(value.toPrecision(digits));
  const fewest = Math.abs(value) < SMALLEST_NORMAL ? 1 : CERTAIN_DIGITS;
  // A decimal of more digits is never further away: the first one that is too short ends the search.
  let shortest = text(ENOUGH_DIGITS);
  for (let digits = ENOUGH_DIGITS - 1; digits >= fewest; digits--) {
    const decimal = text(digits);
    if (!Object.is(Math.fround(decimal), value)) break;
    shortest = decimal;
  }
  return String(shortest);
}

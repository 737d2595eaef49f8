/**
 * Copies an image whose channels lie one after the other, each row by row, to one whose channels alternate.
 * @param source planar pixels, shape [channels, size, size], from `from` on
 * @param target receives [size, size, channels], from `to` on
 */
export function interleaveChannels(
  source: Uint8Array,
  from: number,
  target: Uint8Array,
  to: number,
  { size, channels }: { readonly size: number; readonly channels: number },
): void {
  const plane = size * size;
  for (let channel = 0; channel < channels; channel++) {
    for (let pixel = 0; pixel < plane; pixel++) {
      target[to + pixel * channels + channel] = source[from + channel * plane + pixel] as number;
    }
  }
}

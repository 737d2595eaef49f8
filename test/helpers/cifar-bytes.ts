/** Value of a made-up pixel; every place of an image differs from its neighbours in row, column and channel. */
export function madeUpPixel(image: number, row: number, column: number, channel: number): number {
  return (image * 31 + row * 7 + column * 3 + channel * 101) % 256;
}

/** Planar pixels of made-up images, as CIFAR and downsampled ImageNet store them: all red, then green, then blue. */
export function planarPixels(image: number, size: number): Buffer {
  const pixels = Buffer.alloc(3 * size * size);
  let at = 0;
  for (let channel = 0; channel < 3; channel++)
    for (let row = 0; row < size; row++)
      for (let column = 0; column < size; column++) pixels[at++] = madeUpPixel(image, row, column, channel);
  return pixels;
}

/**
 * A file of CIFAR's binary distribution.
 * @param labels by image, its one or two labels
 * @param first number of the first image, which moves the pixels
 */
export function cifarBytes(labels: readonly (readonly number[])[], first = 0): Buffer {
  return Buffer.concat(labels.flatMap((one, at) => [Buffer.from(one), planarPixels(first + at, 32)]));
}

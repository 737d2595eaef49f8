/** Values [rows, columns] as [columns, rows]. */
export function reversedAxes(values: Float32Array, [rows, columns]: readonly [number, number]): Float32Array {
  return Float32Array.from(values, (_, at) => values[(at % rows) * columns + Math.floor(at / rows)] as number);
}

/** Convolution weights [size, size, C, K], the network's, as [K, C, size, size], PyTorch's. */
export function outputFirst(
  values: Float32Array,
  [height, width, from, to]: readonly [number, number, number, number],
): Float32Array {
  const moved = new Float32Array(values.length);
  let source = 0;
  for (let tap = 0; tap < height * width; tap++) {
    for (let input = 0; input < from; input++) {
      for (let output = 0; output < to; output++) {
        moved[(output * from + input) * height * width + tap] = values[source++] as number;
      }
    }
  }
  return moved;
}

/** Convolution weights [K, C, size, size], PyTorch's, as [size, size, C, K], the network's. */
export function inputFirst(
  values: Float32Array,
  [to, from, height, width]: readonly [number, number, number, number],
): Float32Array {
  const moved = new Float32Array(values.length);
  let target = 0;
  for (let tap = 0; tap < height * width; tap++) {
    for (let input = 0; input < from; input++) {
      for (let output = 0; output < to; output++) {
        moved[target++] = values[(output * from + input) * height * width + tap] as number;
      }
    }
  }
  return moved;
}

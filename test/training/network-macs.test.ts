import { describe, expect, test } from "vitest";
import { parseArchitecture } from "../../core/space/codec.ts";
import { flopsOf } from "../../core/space/network-size.ts";
import { usedEdges } from "../../core/space/reachability.ts";
import { networkMacs } from "../../core/training/network-macs.ts";
import { trainedEdges } from "../../core/training/trial.ts";

const TOY = { channels: 8, cellsPerStage: 1, imageSize: 8, imageChannels: 1, classes: 3 };

// Stages of 8x8, 4x4 and 2x2 pixels with 8, 16 and 32 channels.
const STEM = 64 * 9 * 1 * 8;
const FIRST_REDUCTION = 16 * (9 * 8 * 16 + 9 * 16 * 16 + 8 * 16);
const SECOND_REDUCTION = 4 * (9 * 16 * 32 + 9 * 32 * 32 + 16 * 32);
const HEAD = 32 * 3;
const AROUND = STEM + FIRST_REDUCTION + SECOND_REDUCTION + HEAD;
/** A convolution of size 1 in each stage's cell. */
const CONVOLUTION_1X1 = 64 * 8 * 8 + 16 * 16 * 16 + 4 * 32 * 32;

const macsOf = (text: string, shape = TOY) => networkMacs(shape, trainedEdges(parseArchitecture(text)));

describe("counted by hand", () => {
  test("a network of empty cells has stem, reductions and head", () => {
    expect(AROUND).toBe(119_392);
    expect(macsOf("|none~0|+|none~0|none~1|+|none~0|none~1|none~2|")).toBe(119_392);
  });

  test("a cell of two convolutions, a pooling and a skip", () => {
    const text = "|nor_conv_3x3~0|+|avg_pool_3x3~0|nor_conv_1x1~1|+|skip_connect~0|none~1|skip_connect~2|";
    expect(macsOf(text)).toBe(AROUND + 9 * CONVOLUTION_1X1 + CONVOLUTION_1X1);
    expect(macsOf(text)).toBe(242_272);
  });

  test("six convolutions of 3x3, with four cells a stage", () => {
    const text = "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|";
    expect(macsOf(text)).toBe(AROUND + 6 * 9 * CONVOLUTION_1X1);
    expect(macsOf(text, { ...TOY, cellsPerStage: 4 })).toBe(AROUND + 4 * 6 * 9 * CONVOLUTION_1X1);
  });

  test("edges that lead nowhere cost nothing", () => {
    // Node 2 reaches nothing.
    const text = "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_1x1~1|+|avg_pool_3x3~0|skip_connect~1|none~2|";
    expect(macsOf(text)).toBe(AROUND + 9 * CONVOLUTION_1X1);
  });
});

test("equals the benchmark's FLOPs but for the bias of the linear layer, wherever every edge is used", () => {
  const shape = { channels: 16, cellsPerStage: 5, imageSize: 32, imageChannels: 3, classes: 10 };
  let compared = 0;
  for (let architecture = 0; architecture < 15_625; architecture++) {
    if (!usedEdges(architecture).every(Boolean)) continue;
    const macs = networkMacs(shape, trainedEdges(architecture));
    expect(flopsOf(architecture, { classes: 10, imageSize: 32 }) - macs).toBe(10);
    compared++;
  }
  // No edge is none, and no other condition: 4 operations on 6 edges.
  expect(compared).toBe(4096);
});

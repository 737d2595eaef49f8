import { HarnessError } from "../errors/harness-error.ts";

/** Shapes that the kernels can't take. @throws NAS_TRAINING_SHAPE */
function checkShape(isFine: boolean, what: string, allowed: string): void {
  if (isFine) return;
  throw new HarnessError("NAS_TRAINING_SHAPE", { what, allowed, next: "change the recipe, or use the cpu backend" });
}

/** Output channels, and pixels over all images, as batch normalisation and its vectors need them. @throws NAS_TRAINING_SHAPE */
export function checkChannels(channels: number, rows: number): void {
  checkShape(channels === 8 || (channels > 0 && channels % 16 === 0), `${channels} channels`, "8 or a multiple of 16");
  checkShape(channels !== 8 || rows % 2 === 0, `an odd number of pixels (${rows}) at 8 channels`, "an even one");
}

/** Channels whose gradient is computed. @throws NAS_TRAINING_SHAPE */
export function checkInputChannels(channels: number): void {
  checkShape(channels % 8 === 0, `${channels} input channels`, "a multiple of 8 behind the first layer");
}

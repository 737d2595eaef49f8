/* The kernel module: its memory is the tfjs wasm backend's own, every pointer a byte offset into it, all numbers float32. */
export { batchStatistics, normalize, normalizeGradient, scaleAndShift } from "./batch-norm";
export { convolve, convolveInputGradient, convolveScaled, convolveWeightGradient, transposeWeights } from "./convolution";
export { addInto, relu, reluGradient } from "./elementwise";
export { headLoss, headLossAndGradients } from "./head";
export { addScaled, dot, scaleInto, total } from "./mixture";
export { averagePool, averagePoolGradient, globalMean, globalMeanGradient } from "./pooling";
export { nesterovStep } from "./sgd";

export { setThread } from './thread';
export { product, PRODUCT_SCRATCH } from './product';
export { add, activation, activationGradient, sumRows, gatherRows, transpose } from './elementwise';
export { layerNorm, layerNormGradient } from './layerNorm';
export { attention, attentionGradient } from './attention';
export { lossSums, lossGradient } from './loss';
export { adam, countUpdate } from './adam';
export { convolution, depthwiseConvolution } from './convolution';
export { windowAttention } from './windowAttention';

/** The parts of the engine that need Node: files, ONNX Runtime for Node, kernels read from a folder. */
export { defaultCacheFolder, DiskCache } from './cache/diskCache';
export { outputTarget, writeAside } from './platform/writeAsideNode';
export { kernelsInNode } from './program/wasm/kernelsNode';
export { createImageEncoderNode } from './sam/imageEncoderOnnxNode';
export { readModelFolder } from './sam/modelFilesNode';

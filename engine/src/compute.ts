/**
 * Everything that computes a segmentation, in a browser's worker and in Node: methods by name, their parts,
 * model files and caches. TensorFlow.js and ONNX Runtime load when they are first needed.
 */
export { layeredCache } from './cache/embeddingCache';
export { MemoryCache } from './cache/memoryCache';
export { pooledDice, softDice } from './context/confidence';
export { encodeAhead, viewAhead } from './context/encodeAhead';
export { createFeatureProducts } from './context/featureProducts';
export { createMatcher } from './context/matchKernel';
export { targetSlices } from './finetune/applyTask';
export type { LabeledStudy, LearnSettings } from './finetune/learnTask';
export { startedOnDemand } from './finetune/startedOnDemand';
export { targetEmbedding, tokenCoverage } from './finetune/targetEmbedding';
export { checkJob, checkLabeled } from './job/checkJob';
export { Embeddings } from './job/embeddings';
export { fromOneStudy } from './job/fromOneStudy';
export { keptProbability } from './job/keptProbability';
export { segmented } from './job/segmented';
export { type MethodEntry, METHODS } from './methods/methods';
export type { PropagateParts } from './methods/parts';
export { chooseSlices, type StudySlice } from './methods/representatives';
export {
  type ApplyMethod,
  applyTask,
  type EarlierTask,
  encodeTask,
  learnTaskFiles,
  methodOf,
  parseTask,
  type Task,
  type TaskFiles,
  type TaskMethod,
} from './methods/tasks';
export { createWasmExecutor } from './program/wasm/executor';
export { kernelsInBrowser } from './program/wasm/kernelsWeb';
export { selectDecoders } from './runtime/selectDecoders';
export { selectEncoder } from './runtime/selectEncoder';
export {
  encoderFrame,
  type EncoderFrame,
  logitsToSlice,
  LOW_RES_SIZE,
  maskToLowRes,
} from './sam/encoderFrame';
export { EMBEDDING_SIZE, ENCODER_INPUT_SIZE, type ImageEncoder } from './sam/imageEncoder';
export {
  checkManifest,
  loadManifest,
  loadModelFile,
  MODEL_PARTS,
  type ModelManifest,
} from './sam/modelFiles';
export { fetchModelFolder } from './sam/modelFilesFetch';
export { encodeSafetensors, parseSafetensors } from './sam/safetensors';

/**
 * The engine's types and helpers for pages, sessions and file readers: jobs, slices, geometry, errors.
 * Nothing here computes a segmentation or loads a library; see `fewshot-sam/compute`.
 */
export { bytesText, type KeptSize } from './cache/keptSize';
export { OpfsCache } from './cache/opfsCache';
export {
  contourMasks,
  type ContourMasks,
  type ContourPlace,
  contourPlacer,
  type PatientContour,
} from './contour/contourMasks';
export * from './finetune/learningWork';
export { headLearningWork } from './head/learningWork';
export type { CodedTerm, Task, TaskMetadata, TaskTerms } from './finetune/task';
export { readTaskMetadata, renameTask } from './finetune/taskFile';
export { checkSameGrid, type Triple } from './geometry/grid';
export * from './geometry/plane';
export * from './geometry/seriesGeometry';
export * from './geometry/seriesNotes';
export * from './geometry/tolerances';
export { cross, dot, unit } from './geometry/vector';
export * from './geometry/volume';
export { boundingBox, type BoundingBox } from './image/boundingBox';
export { cleanUpMasks, type MaskCleanUp, type MaskCleanUpKind } from './image/cleanUpMasks';
export { compactPixels } from './image/compactPixels';
export { connectedComponents } from './image/connectedComponents';
export { squaredDistances } from './image/distanceTransform';
export { type BorderLine, maskOutline } from './image/maskOutline';
export { neighbors } from './image/neighbors';
export * from './image/outlineFlaws';
export * from './image/overlap';
export { linearWeights, resample } from './image/resample';
export * from './image/slice';
export { resolveWindow, type ResolvedWindow } from './image/window';
export type * from './job/job';
export type * from './job/method';
export { withoutOverlap, type StructureResult } from './job/withoutOverlap';
export * from './measure/diameters';
export * from './measure/structure';
export * from './measure/words';
export { mapInto } from './numeric/mapInto';
export { trimmed, untrimmed, type Trimmed } from './numeric/trimmed';
export { bytesOf, concatBytes } from './platform/bytes';
export * from './platform/errors';
export { gpuLost } from './platform/gpuLoss';
export { nextTask } from './platform/nextTask';
export { keepNotes, type OnNote } from './platform/note';
export { isOutOfMemory, outOfMemory } from './platform/outOfMemory';
export { PluginFiles, type FileHashes } from './platform/pluginFiles';
export { printable, printableLines } from './platform/printable';
export * from './platform/progress';
export { sha256Hex } from './platform/sha256';
export { sensibleThreads } from './platform/threads';

/** Writes and reads RT Structure Sets. Loads dcmjs, which is large. */
export {
  checkFrameOfReference,
  createStructureSet,
  encodeStructureSet,
  roiNames,
  type StructureSetOptions,
} from './structureSet/createStructureSet';
export { describeRois } from './structureSet/describeRois';
export {
  type ReadRoi,
  type ReadStructureSet,
  readStructureSet,
} from './structureSet/readStructureSet';

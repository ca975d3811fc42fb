/** Contours to masks and back. Loads libraries for polygons. */
export { combineContours, type CombinedContours, type HoleRule } from './contour/combineContours';
export {
  contourMasks,
  type ContourMasks,
  type ContourPlace,
  contourPlacer,
  type PatientContour,
} from './contour/contourMasks';
export { type Point, type Polygon, signedArea } from './contour/polygon';
export { traceMask } from './contour/traceMask';

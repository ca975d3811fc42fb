import type { IntensityWindow } from '../image/slice';
import type { Weights } from '../sam/weights';
import type { PlaneName } from '../geometry/plane';

/** Increment when tasks written by earlier versions can no longer be applied correctly. */
export const TASK_VERSION = 1;

/** A coded term, as in DICOM. */
export interface CodedTerm {
  /** E.g. `15825003`. */
  value: string;
  /** E.g. `SCT`. */
  scheme: string;
  /** E.g. `Aorta`. */
  meaning: string;
}

/** Coded description of a structure, as in a DICOM SEG (PS3.3, C.8.20.4). */
export interface TaskTerms {
  category: CodedTerm;
  type: CodedTerm;
  /** Laterality of the type. */
  typeModifier?: CodedTerm;
  /** Location of a lesion, and its laterality. */
  anatomicRegion?: CodedTerm;
  anatomicRegionModifier?: CodedTerm;
}

/** Metadata of a learned structure. Contains no patient data. */
export interface TaskMetadata {
  version: typeof TASK_VERSION;
  /** The structure, e.g. `aorta`. */
  name: string;
  terms?: TaskTerms;
  /** Modality of the training studies, if known: `CT`, `MR`. */
  modality?: string;
  /** Model that computed the embeddings; the task works with no other. */
  model: { id: string; sha256: string };
  /** `paper`: SAM's mask decoder, fine-tuned; `head`: small heads on the encoder's features. */
  method: 'paper' | 'head';
  /** Side of the encoder's input, pixels; of tasks of `paper` only, and only if it is not 1024. */
  encoderSize?: number;
  axis: PlaneName;
  /** Intensity window; percentiles are taken over the study to segment. */
  window: IntensityWindow;
  /** Row and column spacing of the first training study. */
  spacingMm: [number, number];
  /** Side of the square field of view. */
  fieldOfViewMm: number;
  /**
   * Learned from single images: as many fields of view as are needed cover an image, in place of one in
   * the body. Where the images do not say how wide a pixel is, it counts as 1 mm.
   */
  tiled?: true;
  /** Offset of the field of view's center from the body's center: rows, columns. */
  offsetMm: [number, number];
  /** Number of labeled slices. */
  shots: number;
  /** Number of training studies, if known. */
  studies?: number;
  /** Number of Adam updates. */
  iterations: number;
  seed: number;
  /** Leave-one-out Dice, 0..1; null if not measured. */
  leaveOneOut: number | null;
}

/** A learned structure, ready to be segmented in other studies. */
export interface Task {
  metadata: TaskMetadata;
  /** Weights of the fitted decoder. */
  weights: Weights;
  /** [n, 256] the prompts. */
  targetEmbeddings: Float32Array;
}

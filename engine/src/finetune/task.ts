import type { IntensityWindow } from '../image/slice';
import type { Weights } from '../sam/weights';
import type { PlaneName } from '../geometry/plane';

/** Raise it when a task written before can no longer be applied as it was meant. */
export const TASK_VERSION = 1;

/** A term of a coding scheme, as DICOM writes it. */
export interface CodedTerm {
  /** E.g. `15825003`. */
  value: string;
  /** E.g. `SCT`. */
  scheme: string;
  /** E.g. `Aorta`. */
  meaning: string;
}

/** What a structure is, in the attributes of a DICOM SEG (PS3.3, C.8.20.4). */
export interface TaskTerms {
  category: CodedTerm;
  type: CodedTerm;
  /** Laterality of the type. */
  typeModifier?: CodedTerm;
  /** Where a lesion is, and on which side. */
  anatomicRegion?: CodedTerm;
  anatomicRegionModifier?: CodedTerm;
}

/** What is known of a learned structure. Nothing here names a patient. */
export interface TaskMetadata {
  version: typeof TASK_VERSION;
  /** The structure, e.g. `aorta`. */
  name: string;
  terms?: TaskTerms;
  /** Of the studies that were learned from, where it is known: `CT`, `MR`. */
  modality?: string;
  /** Of the encoder that made the embeddings; no other will do. */
  model: { id: string; sha256: string };
  /** `paper`: SAM's mask decoder, fine-tuned; `head`: small heads on the encoder's features. */
  method: 'paper' | 'head';
  axis: PlaneName;
  /** Intensities; percentiles are those of the study that is segmented. */
  window: IntensityWindow;
  /** Between rows and between columns of the study that was learned from. */
  spacingMm: [number, number];
  /** Side of the square that the encoder sees. */
  fieldOfViewMm: number;
  /** From the body's centre to that of the square: rows, columns. */
  offsetMm: [number, number];
  /** Labelled slices. */
  shots: number;
  /** Studies that the labelled slices come from, where it is known. */
  studies?: number;
  /** Adam updates. */
  iterations: number;
  seed: number;
  /** Dice of labelled slices that were left out, 0..1; null when it was not measured. */
  leaveOneOut: number | null;
}

/** A structure learned from one study, ready to be found in another. */
export interface Task {
  metadata: TaskMetadata;
  /** Of the fitted decoder. */
  weights: Weights;
  /** [n, 256] the prompts. */
  targetEmbeddings: Float32Array;
}

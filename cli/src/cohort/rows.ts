import type { IntensityWindow } from 'fewshot-sam';
import type { ApplyArguments } from '../commands/applyArguments';
import type { SegEncoding } from '../commands/segEncoding';

/** A study of a cohort. No attribute names a patient. */
export interface CohortStudy {
  uid: string;
  /** YYYYMMDD; empty where unknown. */
  date: string;
}

/** A task of a cohort. */
export interface CohortTask {
  sha256: string;
  /** Name of the structure. */
  name: string;
}

/** What is done to each study, on whichever machine. Holds no query and no password. */
export interface CohortSpec {
  id: string;
  /** Version of the program; another one makes other segmentations. */
  version: string;
  tasks: CohortTask[];
  /** DICOMweb root of the archive, if there is one. */
  dicomweb?: string;
  store: boolean;
  /** Default: each task's. */
  method?: ApplyArguments['method'];
  window?: IntensityWindow;
  seg?: SegEncoding;
  /** Of the series; by default the tasks'. */
  modality?: string;
  minSlices: number;
  maxSlices: number;
  /** Filters on series, of which a study must have one. */
  seriesFilters: { keyword: string; value: string }[];
}

export type RowState = 'stored' | 'written' | 'passed-over' | 'failed' | 'waiting' | 'cancelled';

/** Where a failure arose; `crash`: a process ended without a result. */
export type FailureKind = 'archive' | 'images' | 'task' | 'result' | 'crash' | 'program';

/** A slice with its outline. */
export interface Picture {
  /** PNG, base64. */
  png: string;
  /** Size in mm, for the aspect ratio. */
  widthMm: number;
  heightMm: number;
  /** Size of the outline's grid: voxels. */
  columns: number;
  rows: number;
  /** SVG path on that grid. */
  outline: string;
  /** Number of the slice, from 1. */
  slice: number;
}

/** The result of one task on one study. */
export interface CohortRow {
  study: string;
  studyDate: string;
  series: string | null;
  task: string;
  taskSha256: string;
  state: RowState;
  reason: string | null;
  kind: FailureKind | null;
  volumeMl: number | null;
  /** 0..1; see `expectedDice`. */
  expectedDice: number | null;
  slices: number | null;
  slicesWithStructure: number | null;
  /** Embeddings that an earlier task of this study, or a cache, had made. */
  embeddingsFromCache: number | null;
  /** Path of the SEG in the cohort's folder. */
  file: string | null;
  /** UIDs of the SEG. */
  segSeries: string | null;
  segInstance: string | null;
  notes: string[];
  seconds: number | null;
  backend: string | null;
  picture: Picture | null;
}

/** Why a row should be looked at first. */
export type Look = 'failed' | 'nothing found' | 'low expected Dice' | 'unusual volume';

/** A row of the report. */
export interface ReportRow extends CohortRow {
  look: Look | null;
}

/** A row without a result. */
export function emptyRow(study: CohortStudy, task: CohortTask, state: RowState): CohortRow {
  return {
    study: study.uid,
    studyDate: study.date,
    series: null,
    task: task.name,
    taskSha256: task.sha256,
    state,
    reason: null,
    kind: null,
    volumeMl: null,
    expectedDice: null,
    slices: null,
    slicesWithStructure: null,
    embeddingsFromCache: null,
    file: null,
    segSeries: null,
    segInstance: null,
    notes: [],
    seconds: null,
    backend: null,
    picture: null,
  };
}

/** Why a study has no result. */
export interface StudyFailure {
  kind: FailureKind;
  message: string;
  /** Whether another attempt may succeed. */
  isTransient: boolean;
}

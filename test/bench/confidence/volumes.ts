/** Real volumes on which the constants of confidence were chosen, and others for the report. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { readStudy } from '../../../cli/src/commands/benchTask';
import { prepareJob, structureOn } from '../../../cli/src/commands/prepareJob';
import type { FewshotJob } from '../../../engine/src/job/job';
import { CT_SOFT_TISSUE, type Mask } from '../../../engine/src/image/slice';
import { planeOf, type PlaneName } from '../../../engine/src/geometry/plane';
import { ROOT } from '../devSuite';

export const DATA = path.resolve(ROOT, '..', 'shared', 'data');
export const HAS_DATA = existsSync(path.join(DATA, 'ct_headneck'));

/** A job whose result can be compared with the truth. */
export interface ConfidenceCase {
  id: string;
  /** Loads the slices only when needed, because there are many cases. */
  load(): Promise<{ job: FewshotJob; truth: ReadonlyMap<number, Mask> }>;
}

/** One structure in one study, and the slices that are outlined. */
interface Setting {
  image: string;
  labels: string;
  name: string;
  label: number[];
  axis: PlaneName;
  shots: number[];
  /** First and last wanted slice: part of the volume takes less time than all of it. */
  from: number;
  to: number;
}

/**
 * Patients of `ct_headneck` on which constants of `context` were chosen. The patients below them were used
 * only for the report.
 */
const FIT_PATIENTS: [patient: string, name: string, label: number, shots: number[]][] = [
  ['pt002', 'mandible', 1, [31, 35, 39, 43]],
  ['pt007', 'parotid', 5, [20, 25, 30]],
  ['pt017', 'larynx', 7, [72, 77, 82]],
  ['pt027', 'parotid', 4, [10, 20, 30]],
  ['pt031', 'brainstem', 3, [27, 35]],
  ['pt041', 'cord', 2, [40, 46, 52, 58]],
  ['pt054', 'larynx', 7, [52, 58, 64, 70]],
  ['pt060', 'oesophagus', 6, [85, 91, 97]],
  ['pt062', 'mandible', 1, [40, 50]],
  ['pt066', 'brainstem', 3, [25, 29, 33, 37, 41]],
  ['pt068', 'mandible', 1, [36, 42, 48, 54]],
  ['pt004', 'brainstem', 3, [19, 25, 31]],
  ['pt061', 'mandible', 1, [30, 37, 44]],
];
const REPORT_PATIENTS: typeof FIT_PATIENTS = [
  ['pt013', 'larynx', 7, [64, 69, 74]],
  ['pt024', 'parotid', 4, [37, 45, 53]],
  ['pt030', 'mandible', 1, [32, 37, 42, 47]],
  ['pt034', 'oesophagus', 6, [76, 82, 88]],
  ['pt043', 'parotid', 4, [32, 43]],
  ['pt055', 'cord', 2, [50, 56, 62]],
  ['pt065', 'brainstem', 3, [5, 11, 17, 23]],
  ['pt067', 'oesophagus', 6, [85, 95]],
  ['pt072', 'larynx', 7, [65, 70, 74]],
  ['pt078', 'parotid', 5, [31, 36, 41, 46]],
];

function headNeck(list: typeof FIT_PATIENTS): Setting[] {
  return list.map(([patient, name, label, shots]) => ({
    image: path.join('ct_headneck', `${patient}_image.nii.gz`),
    labels: path.join('ct_headneck', `${patient}_labels.nii.gz`),
    name: `${patient}/${name}/${shots.length}`,
    label: [label],
    axis: 'axial',
    shots,
    from: shots[0] - 4,
    to: shots[shots.length - 1] + 4,
  }));
}

async function load({ image, labels, label, axis, shots, from, to }: Setting) {
  const study = await readStudy({ image: path.join(DATA, image), labels: path.join(DATA, labels) });
  const plane = planeOf(study.image, axis);
  const job = await prepareJob(study.image, study.labels, plane, {
    label,
    shots,
    window: CT_SOFT_TISSUE,
  });
  const targets = job.targets.filter(index => index >= from && index <= to);
  return { job: { ...job, targets }, truth: structureOn(study.labels, plane, label, targets) };
}

const casesOf = (settings: Setting[]): ConfidenceCase[] =>
  settings.map(setting => ({ id: setting.name, load: () => load(setting) }));

export const FIT_CASES = casesOf(headNeck(FIT_PATIENTS));
export const REPORT_CASES = casesOf(headNeck(REPORT_PATIENTS));

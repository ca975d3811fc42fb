import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** Debian's own Python, where python3-pydicom installs. */
const PYTHON = '/usr/bin/python3';
/** Jest and Playwright both run at the root. */
const root = process.cwd();
const here = path.join(root, 'test', 'dicom');

interface Run {
  status: number | null;
  stdout: string;
  stderr: string;
}

function run(command: string, args: string[]): Run {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    cwd: root,
    maxBuffer: 64 * 2 ** 20,
  });
  return { status, stdout: stdout ?? '', stderr: stderr ?? '' };
}

export const hasPydicom = run(PYTHON, ['-c', 'import pydicom, numpy']).status === 0;
export const hasScipy = hasPydicom && run(PYTHON, ['-c', 'import scipy']).status === 0;
/** Without arguments it complains and ends; null when it is not there. */
export const hasDciodvfy = run('dciodvfy', ['/dev/null']).status !== null;

/** Names a test after what it lacks, if it must be skipped. */
export function testIf(condition: boolean, lacking: string) {
  return (name: string, body: () => void): void =>
    condition ? test(name, body) : test.skip(`${name} (skipped: no ${lacking})`, body);
}

/** @throws Error with what the program said when it fails */
function jsonOf<T>(command: string, args: string[]): T {
  const { status, stdout, stderr } = run(command, args);
  if (status !== 0) throw new Error(`${path.basename(args[0])} failed: ${stderr || stdout}`);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as T;
}

export interface ReadSegment {
  number: number;
  label: string;
  algorithmType: string;
  algorithmName: string;
  algorithmVersion: string;
  /** Code value of Segmented Property Type. */
  type: string;
  trackingUID: string;
  slices: Record<string, { voxels: number; sha256: string }>;
}

export interface ReadSeg {
  segmentsOverlap: string;
  frames: number;
  sources: number;
  /** SOP Instance UIDs of the segmentations that it takes the place of. */
  predecessors: string[];
  seriesDescription: string;
  segments: ReadSegment[];
}

/** What pydicom finds in a SEG, matched to its sources by place. */
export function readWithPydicom(seg: string, sources: string): ReadSeg {
  return jsonOf(PYTHON, [path.join(here, 'readSeg.py'), seg, '--sources', sources, '--json']);
}

/** One segment as scipy measures it. */
export interface MeasuredByScipy {
  number: number;
  label: string;
  voxels: number;
  slices: number;
  /** mL. */
  volume: number;
  mean: number;
  deviation: number;
  /** mm. */
  longest: number;
  perpendicular: number;
  /** SOP Instance UID of the image with the longest diameter. */
  image: string;
}

/** Measures the segments of a SEG with pydicom and scipy. */
export function measureWithScipy(seg: string, sources: string): MeasuredByScipy[] {
  return jsonOf(PYTHON, [path.join(here, 'measureSeg.py'), seg, '--sources', sources]);
}

interface ReadNumber {
  name: { value: string; scheme: string; meaning: string };
  value: number;
  unit: string;
  derivation?: string;
  line?: { type: string; ends: number[][]; image: string; frame: number | null };
}

/** A measurement report. Groups hold, besides these, their other items by the meaning of their names. */
export interface ReadReport {
  sopClass: string;
  patient: string;
  template: string;
  name: string;
  evidence: string[];
  groups: ({ template: string; numbers: ReadNumber[] } & Record<string, unknown>)[];
}

/** What pydicom finds in a measurement report. */
export function readReportWithPydicom(report: string): ReadReport {
  return jsonOf(PYTHON, [path.join(here, 'readReport.py'), report]);
}

/** Voxels per segment in the SEG, in the label of the NIfTI file, and in both, at the same place. */
export function compareWithNifti(
  seg: string,
  nifti: string,
  labels: number[],
): { label: number; inSeg: number; inNifti: number; inBoth: number }[] {
  return jsonOf(PYTHON, [path.join(here, 'equalsNifti.py'), seg, nifti, ...labels.map(String)]);
}

/** Per segment the centers of its voxels, in mm (LPS). */
export type Places = Record<string, number[][]>;

/** Where pydicom finds the segments of each file, by their numbers. */
export function placesWithPydicom(segs: string[]): Places[] {
  return jsonOf(PYTHON, [path.join(here, 'readPlaces.py'), ...segs]);
}

/** Where dcmqi finds the segments of each file, by their labels. */
export function placesWithDcmqi(segs: string[]): Places[] {
  return jsonOf('node', [path.join(here, 'readPlacesWithDcmqi.mjs'), ...segs]);
}

/** Has dcmqi write a SEG of the series in a folder; where its two segments are. */
export function writeWithDcmqi(folder: string, seg: string): Places {
  return jsonOf('node', [path.join(here, 'writeWithDcmqi.mjs'), folder, seg]);
}

export interface DcmqiSeg {
  size: number[];
  spacing: number[];
  origin: number[];
  direction: number[];
  /** Per label: voxels on each slice. */
  counts: (number[] | null)[];
  metaInfo: {
    segmentAttributes: {
      labelID: number;
      SegmentLabel: string;
      SegmentAlgorithmType: string;
      SegmentAlgorithmName?: string;
    }[][];
  };
}

/** What dcmqi, the reference implementation, finds in a SEG. */
export function readWithDcmqi(seg: string, overlapping: boolean): DcmqiSeg {
  const program = path.join(here, 'readWithDcmqi.mjs');
  return jsonOf('node', [program, seg, ...(overlapping ? ['--overlapping'] : [])]);
}

/** Complaints of the DICOM validator dciodvfy, without its closing word on the kind of object. */
export function validate(file: string): string[] {
  const { stdout, stderr } = run('dciodvfy', [file]);
  return `${stdout}\n${stderr}`
    .split('\n')
    .map(line => line.trim())
    .filter(line => line && line !== 'Segmentation');
}

/** Labels on the grid of a DICOM folder, one byte per voxel, slices in ascending order. */
export function labelsOnGrid(labels: string, folder: string, file: string): void {
  runModule(
    `import { writeFileSync } from 'node:fs';
    import { readVolume } from './cli/src/volume/readVolumeNode.ts';
    import { matchLabels } from './cli/src/volume/matchLabels.ts';
    const [labels, folder, file] = process.argv.slice(1);
    const image = await readVolume(folder, '--image');
    writeFileSync(file, Uint8Array.from(matchLabels(await readVolume(labels, '--labels'), image).data));`,
    [labels, folder, file],
  );
}

/** Voxels of a DICOM folder in modality units as 32-bit floats, slices in ascending order. */
export function voxelsOf(folder: string, file: string): void {
  runModule(
    `import { writeFileSync } from 'node:fs';
    import { readVolume } from './cli/src/volume/readVolumeNode.ts';
    const [folder, file] = process.argv.slice(1);
    writeFileSync(file, new Uint8Array((await readVolume(folder, '--image')).data.buffer));`,
    [folder, file],
  );
}

/** Runs an ES module: ITK's WebAssembly modules are ES modules, which Jest does not load. */
function runModule(code: string, args: string[]): void {
  const { status, stderr } = run('node', [
    ...['--import', 'tsx', '--input-type=module', '-e'],
    code,
    ...args,
  ]);
  if (status !== 0) throw new Error(stderr);
}

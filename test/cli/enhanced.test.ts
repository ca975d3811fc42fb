/** An enhanced multi-frame MR at the command line gives what the same slices in single files give. */
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSegmentation } from '../../dicom/src/seg/createSegmentation';
import { encodePart10 } from '../../dicom/src/data/encodePart10';
import type { NaturalizedDataset } from '../../dicom/src/data/naturalized';
import { writeStraightStudy } from '../browser/straightStudy';
import { enhancedFile } from '../dicom/enhancedFile';
import { readFolder, readSource } from '../dicom/sources';
import { hasDciodvfy, hasPydicom, placesWithPydicom, testIf, validate } from '../dicom/tools';
import { describeWith, fewshotSam } from './command';

const SIDE = 256;
const SLICES = 19;
const SHOTS = [3, 8, 15];

/** A box that grows from slice to slice, on the slices that are outlined. */
function outlines(sliceOf: (position: number) => number): Map<number, Uint8Array> {
  const mask = (position: number) =>
    Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
      const [row, column] = [Math.floor(i / SIDE), i % SIDE];
      return Number(row > 60 && row < 90 + position && column > 100 && column < 120 + 2 * position);
    });
  return new Map(SHOTS.map(position => [sliceOf(position), mask(position)]));
}

describeWith(['command', 'model'], 'fewshot-sam on an enhanced multi-frame image', () => {
  let folder: string;
  let results: string[];
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'fewshot-enhanced-'));
    const [single, enhanced] = ['single', 'enhanced'].map(name => path.join(folder, name));
    for (const target of [single, enhanced]) mkdirSync(target);
    writeStraightStudy(single);
    const ascending = readFolder(single).map(({ instance }) => instance);
    expect(ascending).toHaveLength(SLICES);
    const files = new Map(
      readdirSync(single).map(name => {
        const bytes = new Uint8Array(readFileSync(path.join(single, name)));
        return [String(readSource(bytes).instance.SOPInstanceUID), bytes];
      }),
    );
    // From head to feet, against the order of the slices.
    const descending = ascending.map(({ SOPInstanceUID }) => files.get(String(SOPInstanceUID))!);
    const file = enhancedFile(descending.reverse());
    writeFileSync(path.join(enhanced, 'image.dcm'), file);
    const cases: [string, NaturalizedDataset[], (position: number) => number][] = [
      [single, ascending, position => position],
      [enhanced, [readSource(file).instance], position => SLICES - 1 - position],
    ];
    results = [];
    for (const [image, instances, sliceOf] of cases) {
      const labels = `${image}-labels.dcm`;
      const out = `${image}-out.dcm`;
      const segment = {
        label: 'Box',
        color: [221, 84, 84] as [number, number, number],
        algorithmType: 'MANUAL' as const,
        masks: outlines(sliceOf),
      };
      writeFileSync(labels, new Uint8Array(encodePart10(createSegmentation(instances, [segment]))));
      const { code, stderr } = await fewshotSam([
        ...['segment', '--image', image, '--labels', labels, '--label', '1'],
        ...['--shots', SHOTS.join(','), '--method', 'interpolate', '--cache', 'none', '--out', out],
      ]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('rror') });
      results.push(out);
    }
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  testIf(hasPydicom, 'python3-pydicom')('finds the same voxels at the same places', () => {
    const [single, enhanced] = placesWithPydicom(results).map(places =>
      places['1'].map(place => place.map(value => value.toFixed(2)).join(' ')).sort(),
    );
    expect(single.length).toBeGreaterThan(10_000);
    expect(enhanced).toEqual(single);
  });

  testIf(hasDciodvfy, 'dciodvfy')('is valid, and names the frames', () => {
    const [, enhanced] = results;
    expect(validate(enhanced).filter(line => line.startsWith('Error'))).toEqual([]);
    const { instance } = readSource(readFileSync(enhanced));
    const frames = instance.PerFrameFunctionalGroupsSequence as {
      DerivationImageSequence: { SourceImageSequence: { ReferencedFrameNumber: unknown }[] }[];
    }[];
    const numbers = frames.map(
      ({
        DerivationImageSequence: [
          {
            SourceImageSequence: [image],
          },
        ],
      }) => Number(image.ReferencedFrameNumber),
    );
    // Frame 19 is the lowest slice.
    expect(numbers).toEqual(numbers.map((_, i) => SLICES - SHOTS[0] - i));
  });
});

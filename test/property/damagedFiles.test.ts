/** Files that are random, damaged or cut off: read, or refused in words, in bounded time and memory. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSegmentation } from '../../dicom/src/seg/createSegmentation';
import { encodePart10, RLE_LOSSLESS } from '../../dicom/src/data/encodePart10';
import { parseDicomFile } from '../../dicom/src/data/parseDicomFile';
import { readSegmentation } from '../../dicom/src/seg/readSegmentation';
import { seededRandom } from '../../engine/src/numeric/random';
import { startWeights } from '../../engine/src/finetune/startWeights';
import type { TaskMetadata } from '../../engine/src/finetune/task';
import { encodeTask, parseTask } from '../../engine/src/finetune/taskFile';
import type { Weights } from '../../engine/src/sam/weights';
import { seriesImages } from '../../dicom/src/series/readDicomSeriesNode';
import { between, CASES, damaged, expectRefusals, oneOf, randomBytes, TIMEOUT } from './cases';
import { randomSegments, randomSeries } from './series';

/** A DICOM preamble, so that what follows is looked at. */
const withPreamble = (bytes: Uint8Array) => {
  const file = new Uint8Array(132 + bytes.length);
  file.set(new TextEncoder().encode('DICM'), 128);
  file.set(bytes, 132);
  return file;
};

describe('as a segmentation', () => {
  const images = Array.from({ length: 4 }, (_, i) => ({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    SOPInstanceUID: `1.2.3.${i}`,
    SeriesInstanceUID: '1.2.30',
    StudyInstanceUID: '1.2.300',
    FrameOfReferenceUID: '1.2.3000',
    Rows: 8,
    Columns: 9,
    PixelSpacing: [1, 1],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    ImagePositionPatient: [0, 0, 3 * i],
  }));
  const mask = Uint8Array.from({ length: 72 }, (_, i) => Number(i % 5 < 2));
  const segments = ['Liver', 'Spleen'].map((label, i) => ({
    label,
    color: [221, 84, 84] as [number, number, number],
    algorithmType: 'SEMIAUTOMATIC' as const,
    masks: new Map([[1 + i, mask]]),
  }));
  const files = [
    encodePart10(createSegmentation(images, segments)),
    encodePart10(createSegmentation(images, segments, { segmentationType: 'LABELMAP' }), {
      transferSyntaxUid: RLE_LOSSLESS,
    }),
  ].map(file => new Uint8Array(file));

  test(
    'damaged files',
    async () => {
      const refused = await expectRefusals(
        random => damaged(oneOf(random, files), random),
        async bytes => {
          const read = await readSegmentation(bytes, images);
          for (const { masks } of read.segments) {
            for (const [slice, values] of masks) {
              expect(images[slice]).toBeDefined();
              expect(values).toHaveLength(72);
            }
          }
        },
      );
      expect(refused).toBeGreaterThan(CASES / 4);
    },
    TIMEOUT,
  );

  test(
    'random bytes',
    async () => {
      const refused = await expectRefusals(
        (random, seed) => {
          const bytes = randomBytes(random, between(random, 0, 4000));
          return seed % 2 ? bytes : withPreamble(bytes);
        },
        bytes => readSegmentation(bytes, images),
      );
      expect(refused).toBe(CASES);
    },
    TIMEOUT,
  );
});

describe('as images of a series', () => {
  const image = (random: () => number) => {
    const [source] = randomSeries(random);
    return new Uint8Array(
      encodePart10({ ...source, SpecificCharacterSet: 'ISO_IR 192', PatientName: 'Größe^A' }),
    );
  };

  test(
    'their metadata',
    async () => {
      await expectRefusals(
        random => damaged(image(random), random),
        async bytes => {
          const { dataset } = await parseDicomFile(bytes, 'An image of the series');
          const random = seededRandom(bytes.length);
          createSegmentation([dataset], randomSegments(random, { pixels: 1, slices: 1 }, true));
        },
      );
    },
    TIMEOUT,
  );

  test(
    'of a folder at the command line',
    async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'fewshot-damaged-'));
      try {
        await expectRefusals(
          random => damaged(image(random), random),
          bytes => {
            writeFileSync(path.join(folder, 'image.dcm'), bytes);
            return seriesImages(folder, '--image folder');
          },
        );
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    TIMEOUT,
  );
});

describe('as a task', () => {
  const metadata: TaskMetadata = {
    version: 1,
    name: 'Aorta',
    model: { id: 'mobile-sam', sha256: '18348d14' },
    method: 'paper',
    axis: 'axial',
    window: { kind: 'clip', low: -160, high: 240 },
    spacingMm: [3, 3],
    fieldOfViewMm: 183,
    offsetMm: [0, 0],
    shots: 5,
    iterations: 60,
    seed: 0,
    leaveOneOut: null,
  };
  /** Few of SAM's weights: enough for every check. */
  const sam: Weights = new Map(
    (
      [
        ['mask_decoder.mask_tokens.weight', [4, 256]],
        ['mask_decoder.transformer.layers.0.mlp.lin1.bias', [64]],
        ['mask_decoder.output_hypernetworks_mlps.1.layers.2.bias', [32]],
      ] as [string, number[]][]
    ).map(([name, shape]) => [
      name,
      { shape, data: new Float32Array(shape.reduce((a, b) => a * b)).fill(0.5) },
    ]),
  );
  const weights: Weights = new Map(
    [...startWeights(sam)].filter(([name]) => !name.includes('mask_tokens')),
  );
  const file = encodeTask({ metadata, weights, targetEmbeddings: new Float32Array(256) });

  test(
    'damaged files',
    async () => {
      expect(parseTask(file, sam).metadata).toEqual(metadata);
      const header = file.length - (64 + 32 + 32 + 512 + 256) * 4;
      const refused = await expectRefusals(
        random => {
          // Values may be anything; what is checked is before them.
          const start = damaged(file.subarray(0, header), random);
          return Uint8Array.from([...start, ...file.subarray(header)]);
        },
        bytes => parseTask(bytes, sam),
      );
      expect(refused).toBeGreaterThan(CASES / 2);
    },
    TIMEOUT,
  );

  test(
    'random bytes',
    async () => {
      const refused = await expectRefusals(
        random => randomBytes(random, between(random, 0, 2000)),
        bytes => parseTask(bytes, sam),
      );
      expect(refused).toBe(CASES);
    },
    TIMEOUT,
  );
});

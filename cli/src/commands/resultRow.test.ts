import type { FewshotResult } from 'fewshot-sam';
import { resultRow, summary } from './resultRow';
import type { SegmentArguments } from './segmentArguments';

const args: SegmentArguments = {
  image: '/home/me/Doe^Jane/ct',
  labels: '/home/me/Doe^Jane/labels.nii.gz',
  structures: [[69, 70]],
  shots: [2, 9, 17],
  empty: [],
  initialization: 'sam',
  axis: 'axial',
  window: { kind: 'clip', low: -500, high: 1300 },
  method: 'paper',
  seed: 0,
  evaluate: true,
};
const result: FewshotResult = {
  slices: [],
  iterations: 50,
  losses: [1],
  seconds: { encode: 12.34567, fit: 30, propagate: 2 },
  embeddingsFromCache: 4,
};
const evaluation = {
  iou: 0.9,
  dice: 0.947,
  assdMm: 1.25,
  hd95Mm: 4,
  accepted: 0.75,
  perSlice: [],
  shown: [],
  perLabel: [
    { label: 69, voxels: 100, found: 0.5 },
    { label: 70, voxels: 0, found: null },
  ],
};

describe('resultRow', () => {
  it('holds the figures of the benchmark format', () => {
    const row = resultRow(args, [69, 70], result, 'wasm (1 thread)', evaluation);
    expect(row).toMatchObject({
      id: 'label-69+70/axial/3-shots',
      method: 'paper',
      iou: 0.9,
      dice: 0.947,
      assd_mm: 1.25,
      accepted_unchanged: 0.75,
      encode_s: 12.346,
      fit_s: 30,
      apply_s: 2,
      slices: 0,
      backend: 'wasm (1 thread)',
      iterations: 50,
    });
    // A Node process takes more than 20 MB and less than 100 GB.
    expect(row.peak_rss_mb).toBeGreaterThan(20);
    expect(row.peak_rss_mb).toBeLessThan(1e5);
  });

  it('names no file, as a file name may name a patient', () => {
    expect(JSON.stringify(resultRow(args, [69, 70], result, 'wasm', evaluation))).not.toContain(
      'Doe',
    );
  });

  it('is null where nothing was evaluated', () => {
    expect(resultRow(args, [69, 70], result, 'wasm', undefined)).toMatchObject({
      iou: null,
      dice: null,
      assd_mm: null,
      accepted_unchanged: null,
      per_label: null,
    });
  });
});

describe('confidence', () => {
  const slice = (index: number, confidence?: number) => ({
    index,
    confidence,
    mask: new Uint8Array(1),
    probability: () => new Float32Array(1),
  });
  const sure = {
    ...result,
    expectedDice: 0.9,
    slices: [slice(3, 0.95), slice(4, 0.712), slice(5)],
  };

  it('stands in the row and in words', () => {
    const row = resultRow(args, [69], sure, 'wasm', undefined);
    expect(row).toMatchObject({
      expected_dice: 0.9,
      confidence: [
        { index: 3, dice: 0.95 },
        { index: 4, dice: 0.712 },
      ],
    });
    expect(summary([row], undefined)).toContain(
      'Expected Dice 0.90; least sure of slice 4 (0.71).',
    );
  });

  it('tells of slices beyond the outlines and of blank ones, which have no promise', () => {
    const mask = Uint8Array.of(1);
    const slices = [
      { ...slice(2, 0.6), extrapolated: true },
      slice(3, 0.95),
      { ...slice(4), mask, blank: true },
      { ...slice(5), blank: true },
    ];
    const row = resultRow(args, [69], { ...sure, slices }, 'wasm', undefined);
    expect(row.confidence).toEqual([
      { index: 2, dice: 0.6, extrapolated: true },
      { index: 3, dice: 0.95 },
      { index: 4, dice: null, blank: true },
    ]);
    const text = summary([row], undefined);
    expect(text).toContain('1 slice lies (2) beyond the outermost shots');
    expect(text).toContain('1 slice lies (4) where the image shows nothing');
    const none = resultRow(
      args,
      [69],
      { ...sure, expectedDice: undefined, slices: slices.slice(2) },
      'wasm',
      undefined,
    );
    expect(summary([none], undefined)).toContain('1 slice lies (4) where');
  });

  it('is null where the method knows none', () => {
    const row = resultRow(args, [69], result, 'wasm', undefined);
    expect(row).toMatchObject({ expected_dice: null, confidence: null });
    expect(summary([row], undefined)).not.toContain('Expected');
  });
});

describe('summary', () => {
  it('says it in words', () => {
    const text = summary(
      [resultRow(args, [69, 70], result, 'wasm (1 thread)', evaluation)],
      'mask.nii.gz',
    );
    expect(text).toContain('IoU 0.9000, Dice 0.9470, ASSD 1.25 mm.');
    expect(text).toContain('label 69: 100 voxels, 50.0 % found');
    expect(text).toContain('label 70: 0 voxels, not on these slices');
    expect(text).toContain('Mask: mask.nii.gz');
  });

  it('leaves out what was not asked for', () => {
    const text = summary([resultRow(args, [69, 70], result, 'wasm', undefined)], undefined);
    expect(text).not.toMatch(/IoU|Mask/);
  });
});

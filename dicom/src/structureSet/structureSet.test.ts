import { parseDicomFile } from '../data/parseDicomFile';
import { itemsOf, textOf, type NaturalizedDataset } from '../data/naturalized';
import { drawn, enhanced, image, mask, readBack, segment } from '../seg/testSeries';
import { createStructureSet, encodeStructureSet, roiNames } from './createStructureSet';
import { describeRois } from './describeRois';
import { readStructureSet } from './readStructureSet';

const SERIES = [0, 3, 6].map(z => image(z));
const RING = mask('#####', '#...#', '#####');
const DOT = mask('.....', '..#..', '.....');

const bytesOf = (dataset: NaturalizedDataset) => new Uint8Array(encodeStructureSet(dataset));

const read = (dataset: NaturalizedDataset, series = SERIES) =>
  readStructureSet(bytesOf(dataset), series);

/** Returns what an ROI looks like on the slices of the series. */
async function filled(dataset: NaturalizedDataset, roi = 0, series = SERIES) {
  const { masks, remarks } = (await read(dataset, series)).rois[roi].fill();
  return { drawn: drawn(masks), remarks };
}

/** A structure set of one ROI, whose contours can be changed. */
function written(change: (contour: NaturalizedDataset, i: number) => NaturalizedDataset = c => c) {
  const dataset = createStructureSet(SERIES, [segment('Ring', { 0: RING, 1: DOT, 2: RING })]);
  const [roi] = itemsOf(dataset, 'ROIContourSequence');
  roi.ContourSequence = itemsOf(roi, 'ContourSequence').map(change);
  return dataset;
}

const square = (z: number, [left, top, right, bottom]: number[]) =>
  [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ].flatMap(([x, y]) => [-10 + x * 0.7, -20 + y * 0.5, z].map(String));

describe('a structure set', () => {
  it('reads back as it was drawn, holes included', async () => {
    expect(await filled(written())).toEqual({
      drawn: {
        0: ['#####', '#...#', '#####'],
        1: ['.....', '..#..', '.....'],
        2: ['#####', '#...#', '#####'],
      },
      remarks: [],
    });
  });

  it('keeps names, colors and codes', async () => {
    const code = (value: string, meaning: string) => ({ value, scheme: 'SCT', meaning });
    const codes = {
      category: code('123037004', 'Anatomical Structure'),
      type: code('64033007', 'Kidney'),
      typeModifier: code('7771000', 'Left'),
      anatomicRegion: code('818983003', 'Abdomen'),
    };
    const dataset = createStructureSet(SERIES, [
      segment('Niere links', { 0: DOT }, { ...codes, color: [1, 120, 250] }),
      segment('Rückenmark', { 1: DOT }, { algorithmType: 'MANUAL' }),
    ]);
    const { rois } = await read(dataset);
    expect(rois).toMatchObject([
      {
        number: 1,
        label: 'Niere links',
        color: [1, 120, 250],
        algorithmType: 'SEMIAUTOMATIC',
        ...codes,
      },
      { number: 2, label: 'Rückenmark', algorithmType: 'MANUAL' },
    ]);
    // An archive's metadata says the same, without the contours.
    const metadata = { ...readBack(dataset), ROIContourSequence: undefined };
    expect(describeRois(metadata)).toMatchObject([
      { number: 1, label: 'Niere links', ...codes },
      { number: 2, algorithmType: 'MANUAL' },
    ]);
  });

  it('refers to the image of each contour, and to all images of the series', () => {
    const dataset = readBack(written());
    const [frame] = itemsOf(dataset, 'ReferencedFrameOfReferenceSequence');
    const [study] = itemsOf(frame, 'RTReferencedStudySequence');
    const [series] = itemsOf(study, 'RTReferencedSeriesSequence');
    expect(textOf(frame, 'FrameOfReferenceUID')).toBe('1.2.3000');
    expect(textOf(study, 'ReferencedSOPInstanceUID')).toBe('1.2.300');
    expect(textOf(series, 'SeriesInstanceUID')).toBe('1.2.30');
    expect(itemsOf(series, 'ContourImageSequence')).toHaveLength(3);
    const [roi] = itemsOf(dataset, 'ROIContourSequence');
    const named = itemsOf(roi, 'ContourSequence').map(contour =>
      textOf(itemsOf(contour, 'ContourImageSequence')[0], 'ReferencedSOPInstanceUID'),
    );
    expect(named).toEqual(['1.2.3.0', '1.2.3.3', '1.2.3.6']);
  });

  it('refers to frames of an enhanced image', async () => {
    const series = [enhanced([0, 3, 6])];
    const dataset = createStructureSet(series, [segment('Ring', { 2: RING })]);
    const [roi] = itemsOf(dataset, 'ROIContourSequence');
    const [contour] = itemsOf(roi, 'ContourSequence');
    expect(itemsOf(contour, 'ContourImageSequence')).toMatchObject([
      { ReferencedFrameNumber: '3' },
    ]);
    expect((await filled(dataset, 0, series)).drawn).toEqual({ 2: ['#####', '#...#', '#####'] });
  });

  it('lists an empty structure as an ROI without contours', async () => {
    const dataset = createStructureSet(SERIES, [segment('Ring', { 0: RING }), segment('Gone', {})]);
    const { rois } = await read(dataset);
    expect(rois[1]).toMatchObject({ label: 'Gone', contours: 0 });
    expect(() => rois[1].fill()).toThrow('ROI 2 ("Gone") has no contour.');
  });

  it('is in Implicit VR where a contour is too long for Explicit VR', async () => {
    const corners = Array.from({ length: 4000 }, (_, i) => i);
    const dataset = written((contour, i) => ({
      ...contour,
      ...(i === 1 && {
        NumberOfContourPoints: '4000',
        // Around the whole image, with a point every few micrometers.
        ContourData: corners.flatMap(corner => {
          const angle = (corner * Math.PI) / 2000;
          return [-8.6 + 3 * Math.cos(angle), -19.5 + 3 * Math.sin(angle), 3].map(v =>
            v.toFixed(5),
          );
        }),
      }),
    }));
    const { transferSyntaxUid } = await parseDicomFile(bytesOf(dataset), 'It');
    expect(transferSyntaxUid).toBe('1.2.840.10008.1.2');
    expect((await filled(dataset)).drawn).toMatchObject({
      0: ['#####', '#...#', '#####'],
      1: ['#####', '#####', '#####'],
    });
  });

  it('needs a frame of reference', () => {
    const series = [0, 3].map(z => image(z, { FrameOfReferenceUID: '' }));
    expect(() => createStructureSet(series, [segment('Ring', { 0: RING })])).toThrow(
      'Frame of Reference UID',
    );
  });
});

describe('roiNames', () => {
  it('gives each ROI a name of its own, without slashes', () => {
    const labels = ['Liver', 'liver', 'GTV/CTV', 'a\\b', '', 'x'.repeat(70), 'x'.repeat(64)];
    const names = roiNames(labels.map(label => ({ label })));
    expect(names.slice(0, 5)).toEqual(['Liver', 'liver 2', 'GTV-CTV', 'a-b', 'Structure 5']);
    expect(names[5]).toHaveLength(64);
    expect(names[6]).toBe(`${'x'.repeat(62)} 2`);
  });
});

describe('a structure set by other software', () => {
  const contours = (...squares: [number, number[]][]) => {
    const dataset = written();
    const [roi] = itemsOf(dataset, 'ROIContourSequence');
    roi.ContourSequence = squares.map(([z, corners]) => ({
      ContourGeometricType: 'CLOSED_PLANAR',
      NumberOfContourPoints: '4',
      ContourData: square(z, corners),
    }));
    return dataset;
  };

  it('has holes as separate contours, and the rule is said', async () => {
    const dataset = contours([3, [-0.5, -0.5, 4.5, 2.5]], [3, [0.5, 0.5, 3.5, 1.5]]);
    const { drawn: shown, remarks } = await filled(dataset);
    expect(shown).toEqual({ 1: ['#####', '#...#', '#####'] });
    expect(remarks).toEqual([
      expect.stringContaining('ROI 1 ("Ring"): 1 contour inside others was read as holes'),
    ]);
  });

  it('has contours between slices', async () => {
    const { drawn: shown, remarks } = await filled(contours([4, [0.5, 0.5, 3.5, 1.5]]));
    expect(shown).toEqual({ 1: ['.....', '.###.', '.....'] });
    expect(remarks).toEqual([expect.stringContaining('between slices')]);
  });

  it('lies elsewhere: refused', async () => {
    await expect(filled(contours([300, [0.5, 0.5, 3.5, 1.5]]))).rejects.toThrow(
      'of its 1 closed contours 1 lie beside or between its slices',
    );
    const others = SERIES.map(source => ({ ...source, FrameOfReferenceUID: '1.2.9' }));
    await expect(filled(written(), 0, others)).rejects.toThrow('frame of reference 1.2.3000');
  });

  it('names another image than it lies on: refused', async () => {
    const series = [0, 3, 6, 9, 12].map(z => image(z));
    const dataset = createStructureSet(series, [segment('Dot', { 0: DOT, 4: DOT })]);
    const turned = series.map((source, i) => ({
      ...source,
      SOPInstanceUID: series[4 - i].SOPInstanceUID,
    }));
    await expect(filled(dataset, 0, turned)).rejects.toThrow(
      'contour 1 of ROI 1 ("Dot") names the image of slice 4 and lies on slice 0',
    );
  });

  it('names the first image for every contour: read by position, and said', async () => {
    const dataset = written(contour => ({
      ...contour,
      ContourImageSequence: [
        { ReferencedSOPClassUID: SERIES[0].SOPClassUID, ReferencedSOPInstanceUID: '1.2.3.0' },
      ],
    }));
    const { drawn: shown, remarks } = await filled(dataset);
    expect(Object.keys(shown)).toEqual(['0', '1', '2']);
    expect(remarks).toEqual([expect.stringContaining('all name one image')]);
  });

  it('states a wrong number of points, or holds points and lines', async () => {
    const dataset = written((contour, i) =>
      i === 0
        ? { ...contour, NumberOfContourPoints: '99' }
        : i === 1
          ? { ...contour, ContourGeometricType: 'OPEN_PLANAR' }
          : contour,
    );
    const { remarks } = await filled(dataset);
    expect(remarks.join('\n')).toContain('1 of its contours are not closed');
    expect(remarks.join('\n')).toContain('1 of its contours state a wrong number of points');
    const points = written(contour => ({ ...contour, ContourGeometricType: 'POINT' }));
    await expect(filled(points)).rejects.toThrow('has no closed contour, only POINT.');
  });

  it('is damaged: refused', async () => {
    const cut = written(contour => ({
      ...contour,
      ContourData: (contour.ContourData as string[]).slice(1),
    }));
    await expect(filled(cut)).rejects.toThrow('contour 1 of ROI 1 ("Ring") has coordinates');
    const twice = written();
    twice.StructureSetROISequence = [0, 1].map(() => itemsOf(twice, 'StructureSetROISequence')[0]);
    await expect(read(twice)).rejects.toThrow('duplicate or invalid ROI number (1)');
  });
});

import type { ReadSegment } from 'fewshot-sam-dicom';
import { structureName } from './structureName';

const code = (value: string, meaning: string) => ({ value, scheme: 'SCT', meaning });
const kidney = code('64033007', 'Kidney');
const segment = (label: string, codes: Partial<ReadSegment>) =>
  ({ label, color: [1, 2, 3], ...codes }) as ReadSegment;

const segments = new Map([
  [1, segment('Liver', { type: code('10200004', 'Liver') })],
  [2, segment('Left kidney', { type: kidney, typeModifier: code('7771000', 'Left') })],
  [3, segment('Right kidney', { type: kidney, typeModifier: code('24028007', 'Right') })],
  [4, segment('Kidney', { type: kidney })],
  [5, segment('Kidney', { type: kidney })],
]);

describe('structureName', () => {
  it('is what the SEG calls its segment, with its codes', () => {
    expect(structureName([2], undefined, segments)).toMatchObject({
      label: 'Left kidney',
      color: [1, 2, 3],
      type: kidney,
      typeModifier: { meaning: 'Left' },
    });
  });

  it('is what was told, without the codes of something else', () => {
    const named = structureName([1], 'Tumor', segments);
    expect(named.label).toBe('Tumor');
    expect(named.type).toBeUndefined();
    expect(structureName([1], 'Liver', segments).type).toMatchObject({ meaning: 'Liver' });
  });

  it('gives several segments that are one structure the codes only where they agree', () => {
    const both = structureName([2, 3], undefined, segments);
    expect(both.label).toBe('Left kidney + Right kidney');
    expect(both.type).toBeUndefined();
    expect(both.typeModifier).toBeUndefined();
    expect(structureName([4, 5], undefined, segments)).toMatchObject({
      label: 'Kidney',
      type: kidney,
    });
  });

  it('is the numbers where nothing has a name', () => {
    expect(structureName([7, 8], undefined, new Map()).label).toBe('label 7+8');
    expect(structureName([1, 8], undefined, segments).label).toBe('label 1+8');
  });
});

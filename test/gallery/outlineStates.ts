/** The states of the panel while outlines have holes or specks. */
import type {
  OutlineFlawKind,
  OutlineWarning,
  SessionSnapshot,
} from '../../extensions/fewshot-sam/src/session/state';
import { picture } from './pictures';

const warning = (kind: OutlineFlawKind, slices: OutlineWarning['slices']): OutlineWarning => ({
  ...{ segmentIndex: 1, label: 'Brain', kind, slices },
  ...{ locked: false, isRing: false },
});
const ofHead = { segmentIndex: 2, label: 'Head' };

/** @param ready a snapshot with the outlines of the brain on slices 5, 9 and 14 */
export function outlineStates(
  ready: SessionSnapshot,
): Record<string, { caption: string; snapshot: SessionSnapshot }> {
  return {
    'outlines-with-holes': {
      caption: 'Outlines with holes and specks',
      snapshot: {
        ...ready,
        fewshotSet: [
          picture('brain', 5),
          picture('brain-with-holes', 9),
          picture('brain-with-holes', 14),
        ],
        outlineWarnings: [
          warning('holes', [
            { sliceIndex: 9, count: 3, pixels: 201, areaMm2: 177 },
            { sliceIndex: 14, count: 1, pixels: 67, areaMm2: 59 },
          ]),
          warning('specks', [{ sliceIndex: 9, count: 1, pixels: 2, areaMm2: 1.76 }]),
          {
            ...warning('holes', [{ sliceIndex: 9, count: 1, pixels: 1, areaMm2: 0.88 }]),
            ...ofHead,
          },
        ],
      },
    },
    'misread-by-the-viewer': {
      caption: 'OHIF shows a segmentation otherwise than it is stored',
      snapshot: {
        ...ready,
        misread: {
          state: 'wrong',
          segments: [
            { segmentIndex: 1, label: 'Brain', locked: false, slices: [9, 14] },
            { ...ofHead, locked: false, slices: [9] },
          ],
        },
      },
    },
    'outlines-of-a-ring': {
      caption: 'Every outline has a large hole, or it is a ring',
      snapshot: {
        ...ready,
        segments: ready.segments.map(one => ({ ...one, locked: one.active })),
        outlineWarnings: [
          {
            ...warning(
              'holes',
              [5, 9, 14].map(sliceIndex => ({ sliceIndex, count: 1, pixels: 912, areaMm2: 801 })),
            ),
            ...{ locked: true, isRing: true },
          },
        ],
      },
    },
  };
}

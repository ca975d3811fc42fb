/** Synthetic series and outlines on which an overconfident method expects too much. */
import { bytesOf } from '../../../engine/src/platform/bytes';
import { sha256Hex } from '../../../engine/src/platform/sha256';
import type { ConfidenceCase } from './volumes';
import {
  addMetal,
  blank,
  drown,
  invert,
  isBetween,
  moveAside,
  redraw,
  rough,
  shuffleOrder,
  thinOut,
  withHole,
  type Study,
} from './changes';
import { jobOf, phantom, type Ellipse, type PhantomOptions } from './phantom';

const SLICES = 11;
const SHOTS = [1, 5, 9];

/** An organ that grows, shrinks and wanders slowly. */
const organ = (index: number): Ellipse[] => [
  { row: 32 + index / 4, column: 32 + 3 * Math.sin(index / 5), height: 9, width: 10 + index / 5 },
];

/** A structure that moves far aside between the outlines and returns. */
const wandering = (index: number): Ellipse[] => {
  const aside = 13 * Math.abs(Math.sin((Math.PI * (index - SHOTS[0])) / 4));
  return [{ row: 32, column: 30 + aside, height: 7, width: 7 }];
};

/** Identifies slices by their pixels, like those of a file, so that equal slices are encoded once. */
async function named({ job, truth }: Study): Promise<Study> {
  const slices = await Promise.all(
    job.slices.map(async slice => ({
      ...slice,
      identity: await sha256Hex(bytesOf(Float32Array.from(slice.pixels))),
    })),
  );
  return { job: { ...job, slices }, truth };
}

function study(
  structure: PhantomOptions['structure'],
  { shots = SHOTS, ...options }: Partial<PhantomOptions> & { shots?: number[] } = {},
): Study {
  const made = phantom({ slices: SLICES, ...options, structure });
  return { job: jobOf(made, shots), truth: made.truth };
}

const plain = () => study(organ, {});
const wandered = () => study(wandering, {});
const middle = isBetween(2, 4);

const ODD: [id: string, make: () => Study][] = [
  ['blank slices', () => blank(wandered(), middle, 0)],
  ['blank volume', () => blank(wandered(), () => true, 60)],
  ['air', () => blank(wandered(), () => true, -1000)],
  [
    'nothing but noise',
    () =>
      drown(
        blank(wandered(), () => true, 60),
        () => true,
        12,
      ),
  ],
  ['iso-dense lesion', () => study(wandering, { value: 55 })],
  ['moved aside by 10 mm', () => moveAside(plain(), middle, 10)],
  ['moved aside by 20 mm', () => moveAside(plain(), middle, 20)],
  ['moved aside by 40 mm', () => moveAside(plain(), middle, 40)],
  ['drowned in noise', () => drown(wandered(), index => !SHOTS.includes(index), 500)],
  ['inverted half way', () => invert(wandered(), index => index > 5, 40)],
  ['shuffled order', () => shuffleOrder(study(wandering, {}), 3)],
  ['ends between outlines', () => study(index => (middle(index) ? [] : organ(index)), {})],
  [
    'branches',
    () =>
      study(
        index => {
          const apart = 12 * Math.sin((Math.PI * (index - 1)) / 8);
          return [-1, 1].map(side => ({
            row: 32,
            column: 36 + side * Math.max(0, apart),
            height: 6,
            width: 6,
          }));
        },
        { shots: [1, 9] },
      ),
  ],
  [
    'jumps',
    () =>
      study(
        index => organ(index).map(one => (middle(index) ? { ...one, column: 54, row: 40 } : one)),
        {},
      ),
  ],
  [
    'outlines with holes',
    () => redraw(plain(), (mask, _, columns) => withHole(mask, 0.3, columns)),
  ],
  [
    'three rough outlines',
    () => redraw(plain(), (mask, index, columns) => rough(mask, 5, columns, index)),
  ],
  [
    'two outlines far apart',
    () =>
      study(
        index => [{ row: 32, column: 22 + 3.2 * index, height: 4 + 4 * Math.sin(index), width: 6 }],
        { shots: [0, 10] },
      ),
  ],
  ['every third slice', () => thinOut(study(wandering, { shots: [0, 3, 9] }), 3)],
  [
    'beyond the ends',
    // A muscle of the same gray value continues where the organ ends.
    () =>
      study(index => (index >= 4 && index <= 6 ? organ(index) : []), {
        shots: [4, 6],
      }),
  ],
  [
    'wrong structure on one slice',
    () =>
      redraw(plain(), (mask, index, columns) =>
        index === 5
          ? mask.map((_, i) =>
              Math.hypot(Math.floor(i / columns) - 58, (i % columns) - 40) < 7 ? 1 : 0,
            )
          : mask,
      ),
  ],
  ['metal', () => addMetal(wandered(), index => !SHOTS.includes(index), 900)],
];

export const ODD_CASES: ConfidenceCase[] = ODD.map(([id, make]) => ({
  id,
  load: async () => named(make()),
}));

/** Control cases: the same body without faults. */
export const PLAIN_CASES: ConfidenceCase[] = [
  { id: 'plain organ', load: async () => named(plain()) },
  { id: 'wandering but seen', load: async () => named(wandered()) },
];

import { signedDistance } from '../image/signedDistance';
import { outlined } from '../job/checkJob';
import type { EncoderFrame } from '../sam/encoderFrame';
import type { Mask, Slice } from '../image/slice';
import { combine } from './combine';
import { waysAgree } from './confidence';
import { greyLogits, type GreyModel } from './greyEvidence';
import {
  expectedArea,
  extrapolatedOutline,
  interpolatedOutline,
  shiftBetween,
  type OutlineEvidence,
} from './outlineEvidence';
import { cutCrop, tokensToCrop } from './tokenLabels';
import type { Carried } from './walk';

/** Share of the movement seen between the outermost two outlines that goes on beyond them. */
const MOVES_ON = 0.5;

/** Share of the second look in what matching found, see `lookAgain`. */
const AGAIN_SHARE = 0.5;

/** The labelled slices on either side of a slice. */
export interface Around {
  below: number | null;
  above: number | null;
}

/** What is known of a slice. */
export interface Joined {
  /** [crop.rows, crop.columns] */
  logits: Float32Array;
  /** Dice of what came from below with what came from above; null with one way alone. */
  agreement: number | null;
}

/** Joins all that is known of one slice of a volume, in the crop. */
export class Joiner {
  /** The larger of both distances between neighbouring pixels. */
  readonly pixelMm: number;
  private readonly distances = new Map<number, Float32Array>();
  private readonly areas = new Map<number, number>();
  private readonly shifts = new Map<string, [number, number]>();
  private knownWidthMm: number | undefined;

  constructor(
    private readonly labels: ReadonlyMap<number, Mask>,
    private readonly spacing: Pick<Slice, 'rowSpacing' | 'columnSpacing'>,
    private readonly frame: EncoderFrame,
    private readonly cells: number,
    /** mm along the normal, by slice index. */
    private readonly positionOf: (index: number) => number,
    /** Whether outlines carried on from the labelled slices count. */
    private readonly usesOutlines = true,
  ) {
    this.pixelMm = Math.max(spacing.rowSpacing, spacing.columnSpacing);
  }

  /**
   * Of a labelled slice that shows the structure: how far each pixel of the crop is, in mm, from the
   * nearest one on the other side of the outline; positive inside. (From pixel to pixel, not to the
   * outline between them: so an outline says more right beside itself. IoU of the densely labelled
   * `ct2/aorta/5` is 0.918 that way and 0.912 the other.)
   */
  distance(index: number): Float32Array {
    let distance = this.distances.get(index);
    if (!distance) {
      distance = this.distanceFrom(cutCrop(this.labels.get(index)!, this.frame));
      this.distances.set(index, distance);
    }
    return distance;
  }

  /** The same of any mask in the crop. */
  distanceFrom(mask: Mask): Float32Array {
    const { rows, columns } = this.frame.crop;
    const { rowSpacing, columnSpacing } = this.spacing;
    const grid = { rows, columns, rowSpacing, columnSpacing };
    // A mask that fills the crop has no outline: very deep inside, but a number.
    const deep = grid.rowSpacing * rows + grid.columnSpacing * columns;
    const half = Math.min(rowSpacing, columnSpacing) / 2;
    return signedDistance(mask, grid).map(value =>
      Math.min(Math.max(value + Math.sign(value) * half, -deep), deep),
    );
  }

  /** mm by which a slice lies beyond the outermost outlines; 0 between them. */
  beyondMm(index: number): number {
    const drawn = outlined(this.labels);
    const [first, last] = [drawn[0], drawn[drawn.length - 1]];
    if (index >= first && index <= last) return 0;
    return this.apartMm(index, index < first ? first : last);
  }

  /** Side of a square as large as the mean outline, in mm. */
  get widthMm(): number {
    return (this.knownWidthMm ??= this.meanWidthMm());
  }

  private meanWidthMm(): number {
    let [pixels, count] = [0, 0];
    for (const mask of this.labels.values()) {
      const inside = mask.reduce((sum, value) => sum + value, 0);
      pixels += inside;
      if (inside > 0) count++;
    }
    return Math.sqrt((pixels / count) * this.spacing.rowSpacing * this.spacing.columnSpacing);
  }

  /** 1 where the structure lies on some labelled slices, and around it half as far as it is wide. */
  surroundings(labelled: readonly number[]): Uint8Array {
    const { rows, columns } = this.frame.crop;
    const region = new Uint8Array(rows * columns);
    const band = Math.max(4 * this.pixelMm, this.widthMm / 2);
    const drawn = labelled.filter(index => !this.isEmpty(index));
    if (drawn.length === 0) return region.fill(1);
    for (const index of drawn) {
      this.distance(index).forEach((mm, i) => {
        if (mm > -band) region[i] = 1;
      });
    }
    return region;
  }

  /**
   * @param imageWeight how much the image counts against the outlines, see `imageWeight`
   */
  join(
    index: number,
    around: Around,
    carried: Carried,
    grey: Uint8Array,
    model: GreyModel,
    imageWeight: number,
  ): Joined {
    const [fromBelow, fromAbove] = [carried.fromBelow, carried.fromAbove].map(
      shares => shares && tokensToCrop(shares, this.frame, this.cells),
    );
    // What both ways found by themselves: a slice that was matched again no longer has two opinions.
    const agreement = waysAgree(fromBelow, fromAbove);
    const { below, above } = around;
    let share = (fromBelow ?? fromAbove)!;
    if (fromBelow && fromAbove && below !== null && above !== null) {
      const position = this.between(below, above, index);
      share = fromBelow.map((value, i) => (1 - position) * value + position * fromAbove[i]);
    }
    if (carried.again) {
      const again = tokensToCrop(carried.again, this.frame, this.cells);
      share = share.map((value, i) => (1 - AGAIN_SHARE) * value + AGAIN_SHARE * again[i]);
    }
    const isBeyond = below === null || above === null;
    const outline = isBeyond
      ? this.outlineBeyond((below ?? above)!, index)
      : this.outlineBetween(below, above, index);
    const told = greyLogits(grey, model, this.frame.crop.columns, this.pixelMm);
    const known = { share, grey: told, outline: this.usesOutlines ? outline : null, isBeyond };
    return { logits: combine(known, this.usesOutlines ? imageWeight : 1), agreement };
  }

  private outlineBetween(below: number, above: number, index: number): OutlineEvidence | null {
    const [a, b] = [below, above].map(other => (this.isEmpty(other) ? null : this.distance(other)));
    if (!a && !b) return null;
    return interpolatedOutline(
      a ?? vanishing(b!),
      b ?? vanishing(a!),
      this.between(below, above, index),
      Math.min(this.apartMm(below, index), this.apartMm(above, index)),
      a && b ? this.shift(below, above) : [0, 0],
      this.frame.crop.columns,
    );
  }

  /** Beyond a slice that is labelled as empty nothing is expected. */
  private outlineBeyond(outermost: number, index: number): OutlineEvidence | null {
    const drawn = outlined(this.labels);
    if (this.isEmpty(outermost) || drawn.length < 2) return null;
    const inwards = outermost === drawn[0] ? drawn : drawn.reverse();
    const areas = inwards.map(other => ({
      apart: Math.abs(other - outermost),
      pixels: this.area(other),
    }));
    const steps = Math.abs(index - outermost);
    const shift = this.shift(inwards[1], outermost);
    const share = MOVES_ON * Math.min(1, steps / areas[1].apart);
    return extrapolatedOutline(
      this.distance(outermost),
      expectedArea(areas, steps),
      this.apartMm(outermost, index),
      [share * shift[0], share * shift[1]],
      this.frame.crop.columns,
      this.pixelMm,
    );
  }

  /** Pixels of an outlined slice that lie inside. */
  private area(index: number): number {
    let area = this.areas.get(index);
    if (area === undefined) {
      area = this.distance(index).reduce((sum, mm) => sum + Number(mm > 0), 0);
      this.areas.set(index, area);
    }
    return area;
  }

  private apartMm(one: number, other: number): number {
    return Math.abs(this.positionOf(one) - this.positionOf(other));
  }

  /** Where a slice lies: 0 at the one below, 1 at the one above. */
  private between(below: number, above: number, index: number): number {
    return this.apartMm(below, index) / this.apartMm(below, above);
  }

  private shift(below: number, above: number): [number, number] {
    const key = `${below} ${above}`;
    let shift = this.shifts.get(key);
    if (!shift) {
      shift = shiftBetween(this.distance(below), this.distance(above), this.frame.crop.columns);
      this.shifts.set(key, shift);
    }
    return shift;
  }

  private isEmpty(index: number): boolean {
    return !this.labels.get(index)!.includes(1);
  }
}

/** A structure that is gone on the next labelled slice shrinks, and is expected to end halfway. */
function vanishing(distance: Float32Array): Float32Array {
  const deepest = distance.reduce((most, value) => Math.max(most, value), 0);
  return distance.map(value => value - 2 * deepest);
}

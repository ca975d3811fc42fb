import { signedDistance } from '../image/signedDistance';
import { outlined } from '../fewshot/checkJob';
import type { EncoderFrame } from '../image/encoderFrame';
import type { Mask, Slice } from '../image/slice';
import { combine, type Interpolation } from './combine';
import { waysAgree } from './confidence';
import { greyLogits, type GreyModel } from './greyEvidence';
import { cutCrop, tokensToCrop } from './tokenLabels';
import type { Carried } from './walk';

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
  private knownWidthMm: number | undefined;

  constructor(
    private readonly labels: ReadonlyMap<number, Mask>,
    private readonly spacing: Pick<Slice, 'rowSpacing' | 'columnSpacing'>,
    private readonly frame: EncoderFrame,
    private readonly cells: number,
    private readonly sliceSpacing: number,
    /** Whether outlines interpolated between labelled slices count. */
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
    return Math.max(0, drawn[0] - index, index - drawn[drawn.length - 1]) * this.sliceSpacing;
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

  join(
    index: number,
    around: Around,
    carried: Carried,
    grey: Uint8Array,
    model: GreyModel,
  ): Joined {
    const [fromBelow, fromAbove] = [carried.fromBelow, carried.fromAbove].map(
      shares => shares && tokensToCrop(shares, this.frame, this.cells),
    );
    const agreement = waysAgree(fromBelow, fromAbove);
    const { below, above } = around;
    let interpolation: Interpolation | null = null;
    let share = (fromBelow ?? fromAbove)!;
    if (fromBelow && fromAbove && below !== null && above !== null) {
      const position = (index - below) / (above - below);
      share = fromBelow.map((value, i) => (1 - position) * value + position * fromAbove[i]);
      interpolation = this.interpolation(below, above, index);
    }
    const logits = combine(share, interpolation);
    const said = greyLogits(grey, model, this.frame.crop.columns, this.pixelMm);
    for (let i = 0; i < logits.length; i++) logits[i] += said[i];
    return { logits, agreement };
  }

  private interpolation(below: number, above: number, index: number): Interpolation | null {
    const [a, b] = [below, above].map(other => (this.isEmpty(other) ? null : this.distance(other)));
    if ((!a && !b) || !this.usesOutlines) return null;
    return {
      below: a ?? vanishing(b!),
      above: b ?? vanishing(a!),
      position: (index - below) / (above - below),
      distanceMm: Math.min(index - below, above - index) * this.sliceSpacing,
    };
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

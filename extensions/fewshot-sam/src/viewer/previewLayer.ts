import type { Mask } from 'fewshot-sam';
import type { Types } from '@cornerstonejs/core';
import type { Cornerstone } from '../host/ohif';
import { contourPath, maskContours } from './contour';
import { reslicedSliceShown } from './planeShown';
import { slicePlane, type Point2, type SlicePlane } from './slicePlane';
import type { Series } from './series';

/** Look of a predicted slice, by the decision on it; `before` is what a previewed change replaces. */
export type PreviewLook = 'before' | 'predicted' | 'accepted' | 'rejected';

/** One predicted structure on one slice. */
export interface PreviewShape {
  mask: Mask;
  color: [number, number, number];
  look: PreviewLook;
}

export interface Preview {
  series: Series;
  /** Shapes on a slice of the series, 0-based. */
  shapesOn(sliceIndex: number): PreviewShape[];
}

const SVG = 'http://www.w3.org/2000/svg';
const CLASS = 'fewshot-preview';
/** Least cosine between slice normal and view direction. Nothing is drawn in other planes. */
const PARALLEL = 0.99;

const LOOKS: Record<PreviewLook, { dash: string; opacity: number; fill: number }> = {
  before: { dash: '2 4', opacity: 0.9, fill: 0 },
  predicted: { dash: '7 5', opacity: 1, fill: 0.14 },
  accepted: { dash: '', opacity: 1, fill: 0.26 },
  rejected: { dash: '1 5', opacity: 0.7, fill: 0 },
};
const WORDS: Record<PreviewLook, string> = {
  before: 'Dotted: before the clean-up',
  predicted: 'Preview, not written yet',
  accepted: 'Accepted, written when you finish',
  rejected: 'Rejected',
};

type Viewport = Types.IStackViewport | Types.IVolumeViewport;

/**
 * Draws predictions as SVG over the viewports that show their series. They are not a segmentation, so
 * they appear in no segment list and no stored file.
 */
export class PreviewLayer {
  private preview: Preview | null = null;
  private readonly layers = new Map<HTMLElement, SVGSVGElement>();
  private readonly paths = new WeakMap<Mask, string>();
  private readonly planes = new Map<string, SlicePlane | null>();

  constructor(private readonly core: Cornerstone['core']) {}

  /** Shows a preview instead of the last one; null removes it. */
  show(preview: Preview | null): void {
    if (preview?.series !== this.preview?.series) this.planes.clear();
    const { IMAGE_RENDERED } = this.core.Enums.Events;
    if (preview && !this.preview) document.addEventListener(IMAGE_RENDERED, this.rendered, true);
    if (!preview) document.removeEventListener(IMAGE_RENDERED, this.rendered, true);
    this.preview = preview;
    if (!preview) {
      this.layers.forEach(layer => layer.remove());
      this.layers.clear();
      return;
    }
    for (const engine of this.core.getRenderingEngines() ?? []) {
      for (const viewport of engine.getViewports()) this.draw(viewport as Viewport);
    }
  }

  private rendered = (event: Event): void => {
    const enabled = this.core.getEnabledElement(event.target as HTMLDivElement);
    if (enabled) this.draw(enabled.viewport as Viewport);
  };

  private draw(viewport: Viewport): void {
    const { preview } = this;
    const host = viewport.element?.querySelector<HTMLElement>('.viewport-element');
    if (!preview || !host) return;
    const sliceIndex = this.sliceShown(viewport, preview.series);
    const shapes = sliceIndex === null ? [] : preview.shapesOn(sliceIndex);
    let layer = this.layers.get(host);
    if (shapes.length === 0) {
      layer?.replaceChildren();
      return;
    }
    if (!layer) this.layers.set(host, (layer = newLayer(host)));
    const plane = this.planeOf(preview.series, sliceIndex!)!;
    const toCanvas = plane.cornerToCanvas(world => viewport.worldToCanvas(world) as Point2);
    const matrix = `matrix(${toCanvas.map(value => value.toFixed(5)).join(' ')})`;
    const drawn = shapes.flatMap(shape => this.shapeElements(shape, preview.series, matrix));
    layer.replaceChildren(...drawn, caption(shapes, host));
  }

  private shapeElements(shape: PreviewShape, series: Series, matrix: string): SVGElement[] {
    const { dash, opacity, fill } = LOOKS[shape.look];
    let d = this.paths.get(shape.mask);
    if (d === undefined) {
      d = contourPath(maskContours(shape.mask, series.columns, series.rows));
      this.paths.set(shape.mask, d);
    }
    const color = shape.look === 'before' ? '#fff' : `rgb(${shape.color.join(' ')})`;
    const common = { d, transform: matrix, 'vector-effect': 'non-scaling-stroke', opacity };
    return [
      element('path', { ...common, fill: 'none', stroke: 'rgb(0 0 0 / 0.55)', 'stroke-width': 4 }),
      element('path', {
        ...common,
        'data-look': shape.look,
        fill: color,
        'fill-rule': 'evenodd',
        'fill-opacity': fill,
        stroke: color,
        'stroke-width': 2,
        'stroke-dasharray': dash,
      }),
    ];
  }

  private planeOf(series: Series, sliceIndex: number): SlicePlane | null {
    const imageId = series.imageIds[sliceIndex];
    if (!this.planes.has(imageId)) this.planes.set(imageId, slicePlane(series, sliceIndex));
    return this.planes.get(imageId)!;
  }

  /** The slice that a viewport shows; null if it shows another series or plane. */
  private sliceShown(viewport: Viewport, series: Series): number | null {
    try {
      if (series.reslice) return reslicedSliceShown(series.reslice, viewport.getCamera());
      const imageId = viewport.getCurrentImageId?.();
      const index = imageId ? series.imageIds.indexOf(imageId) : -1;
      const plane = index < 0 ? null : this.planeOf(series, index);
      const normal = viewport.getCamera().viewPlaneNormal;
      if (!plane || !normal) return null;
      const cosine = plane.normal.reduce((sum, value, i) => sum + value * normal[i], 0);
      return Math.abs(cosine) > PARALLEL ? index : null;
    } catch {
      // A viewport that is still being set up, or shows no image.
      return null;
    }
  }
}

function newLayer(host: HTMLElement): SVGSVGElement {
  const layer = element('svg', { class: CLASS, 'aria-hidden': 'true' }) as SVGSVGElement;
  layer.style.cssText =
    'position:absolute;inset:0;width:100%;height:100%;overflow:hidden;pointer-events:none';
  host.append(layer);
  return layer;
}

/** Explains the lines at the lower edge. */
function caption(shapes: PreviewShape[], host: HTMLElement): SVGElement {
  const looks = (['before', 'predicted', 'accepted', 'rejected'] as const).filter(look =>
    shapes.some(shape => shape.look === look),
  );
  const text = element('text', {
    x: host.clientWidth / 2,
    y: host.clientHeight - 14,
    'text-anchor': 'middle',
    'font-size': 13,
    'font-family': 'Inter, system-ui, sans-serif',
    fill: '#fff',
    stroke: 'rgb(0 0 0 / 0.8)',
    'stroke-width': 3,
    'paint-order': 'stroke',
  });
  text.textContent = looks.map(look => WORDS[look]).join(' · ');
  return text;
}

function element(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

import { maskOutline } from 'fewshot-sam';
import { useEffect, useRef } from 'react';
import type { Thumbnail as ThumbnailData } from '../session/state';
import { css } from './color';

/** Canvas pixels per side: sharp on a display with double density. */
const SIDE = 176;
const LINE_WIDTH = 3;
const FILL_OPACITY = 0.22;

/**
 * Draws a gray picture, smoothly scaled.
 *
 * @param side of the square to fill, in canvas pixels
 * @param tint mixed into the pixels of a mask, with the opacity of the fill
 */
export function drawGray(
  context: CanvasRenderingContext2D,
  { width, height, gray }: Omit<ThumbnailData, 'mask'>,
  side: number,
  tint?: { mask: Uint8Array; color: [number, number, number] },
): void {
  const picture = new ImageData(width, height);
  const { data } = picture;
  for (let i = 0; i < width * height; i++) {
    data[4 * i] = data[4 * i + 1] = data[4 * i + 2] = gray[i];
    data[4 * i + 3] = 255;
    if (!tint?.mask[i]) continue;
    for (let channel = 0; channel < 3; channel++) {
      data[4 * i + channel] = gray[i] * (1 - FILL_OPACITY) + tint.color[channel] * FILL_OPACITY;
    }
  }
  const small = document.createElement('canvas');
  small.width = width;
  small.height = height;
  small.getContext('2d')?.putImageData(picture, 0, 0);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(small, 0, 0, side, side);
}

function draw(
  canvas: HTMLCanvasElement,
  { width, height, gray, mask }: ThumbnailData,
  color: [number, number, number],
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  drawGray(context, { width, height, gray }, SIDE, { mask, color });

  context.strokeStyle = css(color);
  context.lineWidth = LINE_WIDTH;
  context.lineCap = 'square';
  context.beginPath();
  for (const { x0, y0, x1, y1 } of maskOutline(mask, width, height)) {
    context.moveTo((x0 * SIDE) / width, (y0 * SIDE) / height);
    context.lineTo((x1 * SIDE) / width, (y1 * SIDE) / height);
  }
  context.stroke();
}

/** The gray picture of a slice with the structure outlined in its color. */
export function Thumbnail(props: { thumbnail: ThumbnailData; color: [number, number, number] }) {
  const { thumbnail, color } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [red, green, blue] = color;
  useEffect(() => {
    if (canvas.current) draw(canvas.current, thumbnail, [red, green, blue]);
  }, [thumbnail, red, green, blue]);
  return (
    <canvas ref={canvas} className="fs-picture" width={SIDE} height={SIDE} aria-hidden="true" />
  );
}

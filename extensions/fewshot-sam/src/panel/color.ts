type Rgb = [number, number, number];

/** The panel's card in OHIF's default theme, hsl(234 64% 10%). */
const CARD: Rgb = [9, 13, 42];
/** WCAG requires 3:1 for graphics, and some marks are drawn with an opacity of 0.75. */
const CONTRAST = 4.5;
const STEP = 0.1;

/** Relative luminance of an sRGB color, 0..1 (WCAG 2.2). */
function luminance(color: Rgb): number {
  const [red, green, blue] = color.map(value => {
    const level = value / 255;
    return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of two sRGB colors with channels 0..255: 1 (equal) to 21 (black on white), WCAG 2.2. */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** A segment's color, mixed with white until it stands out from the panel. */
export function visibleColor(color: Rgb): Rgb {
  for (let white = 0; white < 1; white += STEP) {
    const mixed = color.map(value => Math.round(value + (255 - value) * white)) as Rgb;
    if (contrast(mixed, CARD) >= CONTRAST) return mixed;
  }
  return [255, 255, 255];
}

/** CSS text of a color with channels 0..255. */
export function css(color: Rgb): string {
  return `rgb(${color.join(' ')})`;
}

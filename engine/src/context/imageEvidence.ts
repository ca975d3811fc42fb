/**
 * What the image itself shows of a structure. Agreement and interpolated outlines vouch for each other
 * where it shows nothing: these measures tell.
 */

/** Grey values, of 0..255, that far apart are one and the same. */
const SAME_GREY = 2;
/** Share of the pixels that may differ from all others all the same: burnt-in text, dead detector cells. */
const STRAY_PIXELS = 0.005;

/**
 * Whether a picture holds one grey value only: a slice that was never taken or got lost, air, or values
 * that all lie beyond the same end of the window.
 *
 * @param grey 0..255
 */
export function isBlank(grey: Uint8Array): boolean {
  const counts = new Uint32Array(256);
  for (const value of grey) counts[value]++;
  // The fullest stretch of neighbouring values holds all but the strays.
  let most = 0;
  for (let low = 0; low + SAME_GREY <= 256; low++) {
    let inside = 0;
    for (let value = low; value < low + SAME_GREY; value++) inside += counts[value];
    most = Math.max(most, inside);
  }
  return most >= (1 - STRAY_PIXELS) * grey.length;
}

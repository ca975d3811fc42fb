/** One of our packages, and its folders from the ground up. */
export interface Package {
  name: string;
  source: string;
  /** Files that other packages may import, see `exports` in package.json. */
  entries: string[];
  floors: string[][];
}
export const PACKAGES: Package[];
export function notBelow(pack: Package, folder: string): string[];
export function packagesBelow(pack: Package): string[];

/** Set by the build (esbuild `define`) to the version in package.json. */
declare const FEWSHOT_SAM_VERSION: string | undefined;

/** Version of this software; 'development' when not built, as in tests. */
export const VERSION =
  typeof FEWSHOT_SAM_VERSION === 'string' && FEWSHOT_SAM_VERSION
    ? FEWSHOT_SAM_VERSION
    : 'development';

/** Algorithm that a SEG names for each segment. */
export const ALGORITHM = { name: 'Few-shot SAM', version: VERSION };

export const PRODUCT = 'Few-shot SAM for OHIF';

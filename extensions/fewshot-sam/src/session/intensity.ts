import {
  CT_BONE,
  CT_SOFT_TISSUE,
  FewshotError,
  MR_PERCENTILES,
  type IntensityWindow,
} from 'fewshot-sam';
import type { IntensityChoice } from './state';

/** Default for a modality, as in the paper: one window for CT, percentiles for everything else. */
export function defaultIntensity(modality: string): IntensityChoice {
  return modality === 'CT' ? 'ct-soft-tissue' : 'mr';
}

/**
 * @param displayed range shown in the active viewport, in modality units
 * @throws FewshotError `bad-input` when 'as displayed' is chosen and the viewport has no range
 */
export function intensityWindow(
  choice: IntensityChoice,
  displayed: { low: number; high: number } | null,
): IntensityWindow {
  switch (choice) {
    case 'ct-soft-tissue':
      return CT_SOFT_TISSUE;
    case 'ct-bone':
      return CT_BONE;
    case 'mr':
      return MR_PERCENTILES;
    case 'as-displayed':
      if (!displayed) {
        throw new FewshotError(
          'bad-input',
          'The active viewport has no display window.',
          'Choose another intensity setting.',
        );
      }
      return { kind: 'clip', ...displayed };
  }
}

import type { Code } from './code';
import { textOf, type NaturalizedDataset } from './naturalized';

/** What the values of an image measure, and in which unit. */
export interface ValueUnit {
  /** Kind of quantity (CID 7180). */
  quantity: Code;
  /** UCUM. */
  unit: Code;
  /** As shown to people; empty for numbers without a unit. */
  symbol: string;
}

const dcm = (value: string, meaning: string): Code => ({ value, scheme: 'DCM', meaning });
const ucum = (value: string, meaning: string): Code => ({ value, scheme: 'UCUM', meaning });
const NO_UNIT = ucum('1', 'no units');

/**
 * Returns the unit of the values of an image after Rescale Slope and Intercept: HU for CT (PS3.3, C.8.2.1)
 * unless Rescale Type says otherwise, Bq/ml for PET if Units says so (C.8.9.1), none for MR.
 */
export function valueUnit(instance: NaturalizedDataset): ValueUnit {
  const modality = textOf(instance, 'Modality');
  const rescaleType = textOf(instance, 'RescaleType');
  if (rescaleType === 'HU' || (modality === 'CT' && !rescaleType)) {
    return {
      quantity: dcm('112031', 'Attenuation Coefficient'),
      unit: ucum("[hnsf'U]", 'Hounsfield unit'),
      symbol: 'HU',
    };
  }
  if (modality === 'PT' && textOf(instance, 'Units') === 'BQML') {
    return {
      quantity: dcm('110821', 'Nuclear Medicine Tomographic Activity'),
      unit: ucum('Bq/ml', 'Becquerels/milliliter'),
      symbol: 'Bq/ml',
    };
  }
  const quantity =
    modality === 'MR'
      ? dcm('110852', 'MR signal intensity')
      : // There is no standard code for this. The name of a private scheme starts with 99 (PS3.3, 8.2).
        { value: 'pixel-value', scheme: '99FEWSHOT', meaning: 'Pixel value' };
  return { quantity, unit: NO_UNIT, symbol: '' };
}

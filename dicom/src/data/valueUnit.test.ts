import { valueUnit } from './valueUnit';

test.each([
  [{ Modality: 'CT' }, 'HU', '112031'],
  [{ Modality: 'CT', RescaleType: 'HU' }, 'HU', '112031'],
  [{ Modality: 'CT', RescaleType: 'US' }, '', 'pixel-value'],
  [{ Modality: 'MR' }, '', '110852'],
  [{ Modality: 'PT', Units: 'BQML' }, 'Bq/ml', '110821'],
  [{ Modality: 'PT', Units: 'CNTS' }, '', 'pixel-value'],
  [{ Modality: 'US' }, '', 'pixel-value'],
])('%j is in "%s"', (instance, symbol, quantity) => {
  const found = valueUnit(instance);
  expect(found.symbol).toBe(symbol);
  expect(found.quantity.value).toBe(quantity);
});

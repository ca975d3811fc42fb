import { type Method, neighbors } from 'fewshot-sam';
import { outlineMethod } from './outlineMethod';

/** Copies the nearest labeled slice; the lower of two equally near ones. */
export const nearest: Method = outlineMethod('nearest', async outlines => index => {
  const { below, above } = neighbors(index, outlines.keys());
  const isBelow = above === null || (below !== null && index - below <= above - index);
  return outlines.get(isBelow ? below! : above!)!.slice();
});

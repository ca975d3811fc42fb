import { FewshotError } from '../platform/errors';

/** @throws FewshotError `bad-result` when a logit is not finite, or all are equal */
export function checkLogits(logits: Float32Array): void {
  const wrong = logits.find(value => !Number.isFinite(value));
  const isConstant = logits.every(value => value === logits[0]);
  if (wrong === undefined && !isConstant) return;
  throw new FewshotError(
    'bad-result',
    `Segmenting failed: ${isConstant ? `every pixel got the value ${logits[0]}` : `a pixel got the value ${wrong}`}.`,
    'Try again; if it happens again, choose the CPU backend.',
  );
}

import { FewshotError } from '../platform/errors';
import { encoderOfSize } from '../job/embeddings';
import type { JobParts } from '../job/method';
import type { ImageEncoder } from '../sam/imageEncoder';

/**
 * The encoder of a task's slices: at another size embeddings are others, and the decoder would find something
 * else.
 *
 * @param size side of the input, pixels
 * @throws FewshotError `backend-unusable` when there is none
 */
export async function taskEncoder(
  parts: Pick<JobParts, 'encoder' | 'smallEncoder'>,
  size: number,
): Promise<ImageEncoder> {
  const encoder = await encoderOfSize(parts, size);
  if (encoder) return encoder;
  throw new FewshotError(
    'backend-unusable',
    `The image encoder of this computer does not take images of ${size} x ${size} pixels, as the task needs.`,
    'Choose the CPU backend, or another model.',
  );
}

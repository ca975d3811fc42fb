import {
  FewshotError,
  type FewshotResult,
  type OnProgress,
  type PropagateOptions,
  type Slice,
  type TaskMetadata,
} from 'fewshot-sam';
import {
  applyTask,
  fetchModelFolder,
  learnTaskFiles,
  loadManifest,
  loadModelFile,
  parseSafetensors,
  parseTask,
  type PropagateParts,
} from 'fewshot-sam/compute';
import type { ApplyRequest, LearnedFiles, LearnRequest } from './protocol';

/** Learns a structure and encodes the files to save. */
export async function learn(
  { study, settings, ...given }: LearnRequest,
  modelId: string,
  parts: PropagateParts,
  onProgress: OnProgress,
): Promise<LearnedFiles> {
  const { earlier, task } = given;
  const { seconds, ...files } = await learnTaskFiles(
    [study],
    { ...settings, modelId },
    parts,
    { onProgress },
    { earlier: task && { task, examples: earlier }, grows: true },
  );
  return { metadata: files.metadata, task: files.task, examples: files.examples, seconds };
}

/** Finds a learned structure in a study. */
export async function apply(
  request: ApplyRequest,
  parts: PropagateParts,
  onProgress: OnProgress,
  onFinished: PropagateOptions['onFinished'],
): Promise<FewshotResult> {
  const task = parseTask(request.task, parts.weights);
  const applied = await applyTask(task, request, parts, {
    onProgress: applyProgress(request.slices, onProgress),
    onFinished,
  });
  const { slices, embeddingsFromCache, seconds, expectedDice } = applied;
  return {
    slices,
    iterations: 0,
    losses: [],
    seconds: { ...seconds, fit: 0 },
    embeddingsFromCache,
    expectedDice,
  };
}

/**
 * Merges the progress of applying into two steps. The first pass, `encode`, looks at each slice alone; the
 * second, `propagate`, follows the surest slices and encodes again around the structure.
 */
export function applyProgress(slices: readonly Slice[], onProgress: OnProgress): OnProgress {
  let follows = false;
  return progress => {
    const { phase, done, total, etaSeconds } = progress;
    if (phase === 'encode') follows = true;
    if (!follows) return onProgress({ ...progress, phase: 'encode' });
    // The surest slices are few: ignore their share.
    const share = phase === 'encode' ? 0 : done / Math.max(1, total);
    onProgress({
      phase: 'propagate',
      done: Math.round(share * slices.length),
      total: slices.length,
      etaSeconds,
    });
  };
}

/**
 * Checks a task file against the model that would apply it.
 *
 * @throws FewshotError `bad-input` for a damaged file, another file type, a later version or another model
 */
export async function readTask(modelUrl: string, bytes: Uint8Array): Promise<TaskMetadata> {
  const read = fetchModelFolder(modelUrl);
  const manifest = await loadManifest(read);
  const { weights } = parseSafetensors(await loadModelFile(manifest, 'decoder', read));
  const { metadata } = parseTask(bytes, weights);
  const { model, name } = metadata;
  if (model.sha256 !== manifest.files.encoderWeights.sha256) {
    throw new FewshotError(
      'bad-input',
      `The task “${name}” was learned with another model, ${model.id || '(unnamed)'}; this viewer uses ${manifest.name}.`,
      'Use a viewer with that model, or learn the structure again here.',
    );
  }
  return metadata;
}

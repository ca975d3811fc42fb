import { isUsed } from '../sam/decoderNames';
import { POSITION_MATRIX } from '../sam/positionEncoding';
import { FewshotError } from '../platform/errors';
import type { IntensityWindow } from '../image/slice';
import { EMBEDDING_CHANNELS, ENCODER_SIZES } from '../sam/imageEncoder';
import { encodeSafetensors, parseSafetensors, type SafetensorsFile } from '../sam/safetensors';
import type { Weights } from '../sam/weights';
import { BACKGROUND, FOREGROUND, QUERY_TOKENS, startWeights } from './startWeights';
import { TASK_VERSION, type CodedTerm, type Task, type TaskMetadata, type TaskTerms } from './task';

const KIND = 'fewshot-sam task';
const TARGET_EMBEDDINGS = 'fewshot.target_embeddings';

/** Writes a task as a safetensors file. Equal tasks produce equal bytes. */
export function encodeTask({ metadata, weights, targetEmbeddings }: Task): Uint8Array {
  const tensors: Weights = new Map(weights);
  tensors.set(TARGET_EMBEDDINGS, {
    shape: [targetEmbeddings.length / EMBEDDING_CHANNELS, EMBEDDING_CHANNELS],
    data: targetEmbeddings,
  });
  return encodeTaskTensors(metadata, tensors);
}

/** Writes a task of any method. */
export function encodeTaskTensors(metadata: TaskMetadata, tensors: Weights): Uint8Array {
  const description = checkMetadata({ ...metadata });
  return encodeSafetensors(tensors, { kind: KIND, task: JSON.stringify(description) });
}

/**
 * Reads a task file of any method.
 *
 * @throws FewshotError `bad-input` when it is no task file, or its description is wrong
 */
export function readTaskTensors(bytes: Uint8Array): { metadata: TaskMetadata; tensors: Weights } {
  const { weights: tensors, metadata: text } = readTensors(bytes);
  if (text.kind !== KIND) throw wrongTask('it is not a task of fewshot-sam');
  return { metadata: checkMetadata(readJson(text.task)), tensors };
}

/**
 * Reads what a task file says about itself.
 *
 * @throws FewshotError as `readTaskTensors`
 */
export function readTaskMetadata(bytes: Uint8Array): TaskMetadata {
  return readTaskTensors(bytes).metadata;
}

/**
 * Reads a task file and checks all of it.
 *
 * @param sam weights of the model to apply the task with: a fitted decoder has tensors of the same shapes
 * @throws FewshotError `bad-input` saying what is wrong with the file
 */
export function parseTask(bytes: Uint8Array, sam: Weights): Task {
  const { metadata, tensors: weights } = readTaskTensors(bytes);
  const prompts = weights.get(TARGET_EMBEDDINGS);
  weights.delete(TARGET_EMBEDDINGS);
  if (
    !prompts ||
    prompts.shape.length !== 2 ||
    prompts.shape[0] === 0 ||
    prompts.shape[1] !== EMBEDDING_CHANNELS
  ) {
    throw wrongTask(`it holds no target embeddings of ${EMBEDDING_CHANNELS} values`);
  }
  checkShapes(weights, sam);
  for (const [name, { data }] of [...weights, [TARGET_EMBEDDINGS, prompts] as const]) {
    if (!data.every(Number.isFinite)) throw wrongTask(`${name} holds a value that is not a number`);
  }
  return { metadata, weights, targetEmbeddings: prompts.data };
}

/**
 * Returns the task file with another name.
 *
 * @throws FewshotError `bad-input` when the file is not a task
 */
export function renameTask(bytes: Uint8Array, name: string): Uint8Array {
  const { weights, metadata: text } = readTensors(bytes);
  if (text.kind !== KIND) throw wrongTask('it is not a task of fewshot-sam');
  const metadata = checkMetadata({ ...readJson(text.task), name });
  return encodeSafetensors(weights, { kind: KIND, task: JSON.stringify(metadata) });
}

/** Checks that the tensors are exactly those of a fitted decoder, and their shapes. */
function checkShapes(weights: Weights, sam: Weights): void {
  const expected = [...startWeights(sam)].filter(([name]) => isFitted(name));
  for (const [name, { shape }] of expected) {
    const found = weights.get(name);
    if (!found) throw wrongTask(`the tensor ${name} is missing`);
    if (found.shape.join() === shape.join()) continue;
    throw wrongTask(`${name} has the shape [${found.shape}], the model's is [${shape}]`);
  }
  const names = new Set(expected.map(([name]) => name));
  const unknown = [...weights.keys()].find(name => !names.has(name));
  if (unknown !== undefined) throw wrongTask(`the tensor ${unknown} does not belong to it`);
}

function isFitted(name: string): boolean {
  const isTrained = isUsed(name, [FOREGROUND, BACKGROUND]) || name === QUERY_TOKENS;
  return isTrained || name === POSITION_MATRIX;
}

function readTensors(bytes: Uint8Array): SafetensorsFile {
  try {
    return parseSafetensors(bytes);
  } catch (error) {
    // Keep only the detail: the rest of the message is about model files.
    const detail = (error as Error).message.replace(/^.*?: /, '').replace(/\.$/, '');
    throw wrongTask(detail, error);
  }
}

function readJson(text: unknown): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(String(text));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Reported below.
  }
  throw wrongTask('its description is not JSON');
}

function checkMetadata(given: Record<string, unknown>): TaskMetadata {
  const { version } = given;
  if (version !== TASK_VERSION) {
    throw new FewshotError(
      'bad-input',
      `The task file is of version ${String(version)}; this program reads version ${TASK_VERSION}.`,
      'Learn the task again, or use the program that wrote it.',
    );
  }
  const field = <K extends keyof TaskMetadata>(
    name: K,
    isValid: (value: unknown) => boolean,
  ): TaskMetadata[K] => {
    if (isValid(given[name])) return given[name] as TaskMetadata[K];
    throw wrongTask(`its ${name} is ${JSON.stringify(given[name]) ?? 'missing'}`);
  };
  // Drop unknown fields.
  return {
    version: TASK_VERSION,
    name: field('name', isText),
    ...(given.terms !== undefined && { terms: plainTerms(field('terms', isTerms)!) }),
    ...(given.modality !== undefined && { modality: field('modality', isModality) }),
    model: field('model', isModel),
    method: field('method', value => value === 'paper' || value === 'head'),
    ...(given.encoderSize !== undefined && {
      encoderSize: field('encoderSize', value => ENCODER_SIZES.includes(value as number)),
    }),
    axis: field('axis', value => ['axial', 'coronal', 'sagittal'].includes(value as string)),
    window: field('window', isWindow),
    spacingMm: field('spacingMm', value => isPair(value) && value.every(isPositive)),
    fieldOfViewMm: field(
      'fieldOfViewMm',
      value => isPositive(value) && Number(value) <= (given.tiled ? WIDEST_IMAGE : WIDEST_MM),
    ),
    ...(given.tiled !== undefined && { tiled: field('tiled', value => value === true) }),
    offsetMm: field('offsetMm', isPair),
    shots: field('shots', value => isCount(value) && value > 0),
    ...(given.studies !== undefined && {
      studies: field('studies', value => isCount(value) && value > 0),
    }),
    iterations: field('iterations', isCount),
    seed: field('seed', isCount),
    leaveOneOut: field('leaveOneOut', value => value === null || isShare(value)),
  };
}

/** Wider than any medical image; bounds the memory that a slice takes. */
const WIDEST_MM = 3000;
/** The same for single images, whose pixels may count as 1 mm. */
const WIDEST_IMAGE = 30_000;

const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isPositive = (value: unknown) => isNumber(value) && value > 0;
const isShare = (value: unknown) => isNumber(value) && value >= 0 && value <= 1;
const isCount = (value: unknown): value is number =>
  isNumber(value) && Number.isInteger(value) && value >= 0;
const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '';
/** A DICOM code string (PS3.5, CS). */
const isModality = (value: unknown) =>
  typeof value === 'string' && /^[A-Z0-9_ ]{1,16}$/.test(value);
const isPair = (value: unknown): value is [number, number] =>
  Array.isArray(value) && value.length === 2 && value.every(isNumber);

function isModel(value: unknown): boolean {
  const { id, sha256 } = (value ?? {}) as Partial<TaskMetadata['model']>;
  return typeof id === 'string' && typeof sha256 === 'string' && sha256 !== '';
}

function isWindow(value: unknown): boolean {
  const { kind, low, high } = (value ?? {}) as Partial<IntensityWindow>;
  const isKind = kind === 'clip' || kind === 'percentile';
  return isKind && isNumber(low) && isNumber(high) && low < high;
}

function isTerms(value: unknown): boolean {
  const terms = (value ?? {}) as Partial<Record<keyof TaskTerms, unknown>>;
  return (
    [terms.category, terms.type].every(isTerm) &&
    SIDE_AND_PLACE.every(part => terms[part] === undefined || isTerm(terms[part]))
  );
}

const SIDE_AND_PLACE = ['typeModifier', 'anatomicRegion', 'anatomicRegionModifier'] as const;

function isTerm(term: unknown): boolean {
  const { value, scheme, meaning } = (term ?? {}) as Partial<CodedTerm>;
  return [value, scheme, meaning].every(isText);
}

function plainTerms(terms: TaskTerms): TaskTerms {
  const plain = ({ value, scheme, meaning }: CodedTerm) => ({ value, scheme, meaning });
  const result: TaskTerms = { category: plain(terms.category), type: plain(terms.type) };
  for (const part of SIDE_AND_PLACE) {
    const term = terms[part];
    if (term) result[part] = plain(term);
  }
  return result;
}

export function wrongTask(what: string, cause?: unknown): FewshotError {
  return new FewshotError(
    'bad-input',
    `The task file cannot be used: ${what}.`,
    'Use a .task file as exported, or learn the task again.',
    { cause },
  );
}

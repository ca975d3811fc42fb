/**
 * The parts of the engine that load TensorFlow.js at once: its backends, and SAM's own decoder with points
 * and boxes.
 */
export { selectBackend } from './runtime/selectBackend';
export type { BoxPrompt, PointPrompt, Prompts } from './sam/promptEncoder';
export { PromptedDecoder } from './sam/promptedDecoder';

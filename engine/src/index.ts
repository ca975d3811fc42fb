export * from './platform/errors';
export * from './platform/progress';
export * from './image/slice';
export { compactPixels } from './image/compactPixels';
export * from './job/job';
export type { JobParts, Method, MethodJob, PropagateOptions } from './job/method';
export type { PropagateParts } from './methods/parts';
export * from './finetune/propagate';
export * from './job/withoutOverlap';

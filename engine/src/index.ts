export * from './errors';
export * from './progress';
export * from './image/slice';
export { compactPixels } from './image/compactPixels';
export * from './fewshot/job';
export * from './fewshot/propagate';
export * from './fewshot/withoutOverlap';

export * from './index';
export { meet } from './barrier';

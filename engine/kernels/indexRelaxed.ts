export * from './index';
export { multiplyLargeTile } from './matmul';

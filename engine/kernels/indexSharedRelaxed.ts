export * from './indexShared';
export { multiplyLargeTile } from './matmul';

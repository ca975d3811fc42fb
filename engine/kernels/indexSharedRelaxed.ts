export * from './indexShared';
export { multiplyLargeTile } from './product';

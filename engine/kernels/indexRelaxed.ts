export * from './index';
export { multiplyLargeTile } from './product';

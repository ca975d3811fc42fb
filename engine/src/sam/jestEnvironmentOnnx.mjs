import { TestEnvironment } from 'jest-environment-node';

/**
 * Jest gives each test file its own Float32Array, but the arrays of a native addon are of the
 * process's: with this environment both are one, as in any other program.
 */
export default class OnnxEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.Float32Array = Float32Array;
  }
}

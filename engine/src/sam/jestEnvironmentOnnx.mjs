import { TestEnvironment } from 'jest-environment-node';

/**
 * Makes Float32Array in a test file that of the process, as in any other program: Jest gives each test file
 * its own, but a native addon uses the process's.
 */
export default class OnnxEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.Float32Array = Float32Array;
  }
}

import { readFileSync } from 'node:fs';
import Sequencer from '@jest/test-sequencer';

/** What marks a suite that runs the real model, here or in the command. */
const RUNS_MODEL = /jestEnvironmentOnnx|describeWith\(|learnDisk\(/;

/** Suites that take minutes come first: the last to start would keep one core busy, the other idle. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const longest = new Set(
      tests.filter(({ path }) => RUNS_MODEL.test(readFileSync(path, 'utf8').slice(0, 5000))),
    );
    const sorted = super.sort(tests);
    return [...sorted.filter(test => longest.has(test)), ...sorted.filter(t => !longest.has(t))];
  }
}

import type { Progress, Slice } from 'fewshot-sam';
import { applyProgress } from './tasks';

it('shows the two ways through the slices as two steps, forwards only', () => {
  const seen: string[] = [];
  const report = applyProgress(new Array<Slice>(4), ({ phase, done, total }) =>
    seen.push(`${phase} ${done}/${total}`),
  );
  const progress = (phase: Progress['phase'], done: number, total: number) =>
    report({ phase, done, total, etaSeconds: 1 });
  progress('propagate', 1, 4);
  progress('propagate', 4, 4);
  progress('encode', 1, 3);
  progress('encode', 3, 3);
  progress('propagate', 1, 2);
  expect(seen).toEqual([
    'encode 1/4',
    'encode 4/4',
    'propagate 0/4',
    'propagate 0/4',
    'propagate 2/4',
  ]);
});

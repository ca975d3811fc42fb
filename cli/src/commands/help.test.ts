import { METHOD_NAMES } from '../methods/registry';
import { commandNames, help } from './help';

it('lists every command with its options', () => {
  const all = help();
  for (const name of commandNames()) expect(all).toContain(`Usage: fewshot-sam ${name} `);
  expect(all).toContain('--seg-frames <name>');
  expect(all).toContain('130 cancelled with Ctrl-C');
});

it('explains one command alone', () => {
  expect(help('fit')).toMatch(/^Usage: fewshot-sam fit /);
  expect(help('fit')).toContain('--out <file.task>');
  expect(help('fit')).not.toContain('--suite');
});

it('describes every method, and says what is taken when an option is left out', () => {
  for (const name of METHOD_NAMES) expect(help('segment')).toContain(`    ${name} `);
  expect(help('segment')).toContain('(default: p0.5,p99.5)');
});

it('fits a terminal', () => {
  const longest = Math.max(
    ...help()
      .split('\n')
      .map(({ length }) => length),
  );
  expect(longest).toBeLessThanOrEqual(115);
});

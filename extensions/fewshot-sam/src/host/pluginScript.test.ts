import { FewshotError } from 'fewshot-sam';
import { loadOnce, scriptLoader } from './pluginScript';

const SCRIPT = { file: 'panel.js', purpose: 'which shows the panel' };

it('loads once, and tries again under another name after a failure', async () => {
  const failures: number[] = [];
  const load = loadOnce(SCRIPT, async count => {
    failures.push(count);
    if (count < 2) throw new TypeError('Failed to fetch');
    return { answer: 42 };
  });
  await expect(load()).rejects.toMatchObject({
    code: 'backend-unusable',
    message:
      'The plug-in file panel.js, which shows the panel, could not be loaded: Failed to fetch.',
  });
  await expect(load()).rejects.toBeInstanceOf(FewshotError);
  const [first, second] = await Promise.all([load(), load()]);
  expect(first).toBe(second);
  expect(first.answer).toBe(42);
  expect(failures).toEqual([0, 1, 2]);
});

it('passes on why the file was refused', async () => {
  const altered = new FewshotError('plugin-altered', 'It was altered.', 'Copy it again.');
  await expect(loadOnce(SCRIPT, () => Promise.reject(altered))()).rejects.toBe(altered);
});

it('imports the source where the build set no hash', async () => {
  const module = { answer: 42 };
  const script = { ...SCRIPT, from: async () => module };
  await expect(scriptLoader('https://viewer.test/', script)()).resolves.toBe(module);
});

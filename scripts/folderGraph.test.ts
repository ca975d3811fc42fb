import { folderGraph, readArrows, type Arrow } from './folderGraph';

const faultsOf = (...arrows: [string, string][]) =>
  folderGraph(arrows.map(([from, to]): Arrow => ({ from, to }))).faults;

it('every import of our packages goes down', async () => {
  const graph = folderGraph(await readArrows('.'));
  expect(graph.folders.get('engine/src/job')!.has('engine/src/sam')).toBe(true);
  expect(graph.folders.get('cli/src/commands')!.has('dicom/src')).toBe(true);
  expect(graph.faults).toEqual([]);
});

it('takes imports of floors and packages below', () => {
  expect(
    faultsOf(
      ['engine/src/job/a.ts', 'engine/src/image/b'],
      ['dicom/src/seg/a.ts', 'engine/src/platform/errors'],
      ['engine/src/index.ts', 'engine/src/job/job'],
    ),
  ).toEqual([]);
});

it.each<[string, string, string]>([
  ['up', 'engine/src/image/a.ts', 'engine/src/sam/b'],
  ['beside', 'engine/src/context/a.ts', 'engine/src/finetune/b'],
  ['its own entry point', 'engine/src/image/a.ts', 'engine/src/index'],
  ['a package above', 'engine/src/image/a.ts', 'dicom/src/seg/b'],
  ['a package above by its name', 'dicom/src/seg/a.ts', 'cli/src/index'],
])('refuses to import %s', (_what, from, to) => {
  expect(faultsOf([from, to])).toEqual([expect.stringContaining(`${from} imports ${to}`)]);
});

it('finds a circle of files inside a folder', () => {
  const circle = faultsOf(
    ['engine/src/job/a.ts', 'engine/src/job/b'],
    ['engine/src/job/b.ts', 'engine/src/job/c'],
    ['engine/src/job/c.ts', 'engine/src/job/b'],
  );
  expect(circle).toEqual(['A cycle: engine/src/job/b -> engine/src/job/c -> engine/src/job/b.']);
});

it('asks for a floor of a new folder', () => {
  expect(() => faultsOf(['engine/src/attic/a.ts', 'engine/src/job/job'])).toThrow(
    'has no floor yet',
  );
});

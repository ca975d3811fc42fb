import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type CohortSpec, emptyRow } from './rows';
import { CohortState } from './state';

const SPEC: CohortSpec = {
  ...{ id: 'a', version: '1', tasks: [{ sha256: 'aa', name: 'Liver' }], store: false },
  ...{ method: 'paper', minSlices: 5, maxSlices: 100, seriesFilters: [] },
};
const STUDIES = ['1.1', '1.2', '1.3'].map(uid => ({ uid, date: '20260131' }));

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'fewshot-state-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('goes on where a killed process was', async () => {
  const first = await CohortState.open(folder, SPEC);
  expect(first.add(STUDIES)).toBe(3);
  expect(first.take()).toEqual({ ...STUDIES[0], attempts: 1 });
  first.finish('1.1', [emptyRow(STUDIES[0], SPEC.tasks[0], 'written')]);
  expect(first.take()).toEqual({ ...STUDIES[1], attempts: 1 });
  // Killed here.
  const second = await CohortState.open(folder, SPEC);
  expect(second.add(STUDIES)).toBe(0);
  second.wakeAll();
  expect(second.counts()).toEqual({ waiting: 2, done: 1, cancelled: 0 });
  const uids = [second.take(), second.take(), second.take()].map(study => study?.uid);
  expect(uids).toEqual(['1.2', '1.3', undefined]);
  expect([...second.rows()].map(({ study, state }) => [study, state])).toEqual([
    ['1.1', 'written'],
    ['1.2', 'waiting'],
    ['1.3', 'waiting'],
  ]);
  first.close();
  second.close();
});

it('postpones, takes back, and lets failed studies wait again', async () => {
  const state = await CohortState.open(folder, SPEC);
  state.add(STUDIES);
  state.take(0);
  state.postpone('1.1', 5000, 1);
  expect(state.nextDue()).toBe(0);
  expect(state.take(0)?.uid).toBe('1.2');
  state.finish('1.2', [emptyRow(STUDIES[1], SPEC.tasks[0], 'failed')]);
  expect(state.cancel()).toBe(2);
  expect(state.take(9000)).toBeNull();
  expect(state.retry(['1.2', 'unknown'])).toEqual(['1.2']);
  expect(state.retry().sort()).toEqual(['1.1', '1.3']);
  expect(state.counts()).toEqual({ waiting: 3, done: 0, cancelled: 0 });
  state.close();
});

it('refuses another cohort, a folder without one, and a second process', async () => {
  await expect(CohortState.open(folder)).rejects.toThrow(/holds no cohort/);
  const state = await CohortState.open(folder, SPEC);
  await expect(CohortState.open(folder, { ...SPEC, id: 'b' })).rejects.toThrow(/other tasks/);
  state.set('owner', String(process.ppid));
  expect(() => state.claim()).toThrow(`Process ${process.ppid} already works`);
  state.set('owner', '999999999');
  expect(() => state.claim()).not.toThrow();
  state.close();
});

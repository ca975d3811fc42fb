/** @jest-environment jsdom */
import { act, fireEvent, render, screen } from '@testing-library/react';
import type { KeptData } from '../session/keptData';
import { KeptField } from './KeptField';

/** As the browser's storage: full until it is cleared. */
function fullStorage(): KeptData & { cleared: boolean } {
  return {
    cleared: false,
    async size() {
      const [files, bytes] = this.cleared ? [0, 0] : [102, 213_900_000];
      return { files, bytes, limitBytes: 2 ** 30 };
    },
    async clear() {
      this.cleared = true;
    },
  };
}

const show = (kept: KeptData) => act(async () => void render(<KeptField kept={kept} />));
const press = (name: string) =>
  act(async () => void fireEvent.click(screen.getByRole('button', { name })));

describe('KeptField', () => {
  it('says how much is kept, and at most', async () => {
    await show(fullStorage());
    const button = screen.getByRole('button', {
      name: 'Clear computed slices: 214 MB',
    });
    expect(button.getAttribute('aria-disabled')).toBe('false');
    expect(document.body.textContent).toContain('102 computed slices are stored');
    expect(document.body.textContent).toContain('Limit: 1.1 GB; the oldest are deleted first.');
  });

  it('deletes after a second press only', async () => {
    const kept = fullStorage();
    await show(kept);
    await press('Clear computed slices: 214 MB');
    expect(kept.cleared).toBe(false);
    await press('Keep');
    expect(kept.cleared).toBe(false);
    await press('Clear computed slices: 214 MB');
    await press('Delete 214 MB');
    expect(kept.cleared).toBe(true);
    expect(document.body.textContent).toContain('Deleted.');
  });

  it('says why there is nothing to clear', async () => {
    await show({ size: async () => null, clear: async () => undefined });
    const button = screen.getByRole('button', { name: 'Clear computed slices: 0 kB' });
    expect(button.getAttribute('aria-disabled')).toBe('true');
    const reason = document.getElementById(button.getAttribute('aria-describedby')!);
    expect(reason?.textContent).toContain('This browser stores no computed slices');
  });
});

import { readdir, readFile } from 'node:fs/promises';

/**
 * Returns the memory of a browser's largest page, including its workers and software rendering.
 *
 * @param browser process id
 * @param when peak so far, or current
 * @returns bytes; null where there is no /proc
 */
export async function pageMemory(browser: number, when: 'peak' | 'now'): Promise<number | null> {
  const field = when === 'peak' ? 'VmHWM' : 'VmRSS';
  const processes = await readdir('/proc').catch(() => []);
  let largest: number | null = null;
  for (const pid of processes.filter(name => /^\d+$/.test(name))) {
    const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    if (!(await read('cmdline')).includes('--type=renderer')) continue;
    if (!(await descendsFrom(Number(pid), browser))) continue;
    const [, kilobytes] = new RegExp(`${field}:\\s+(\\d+) kB`).exec(await read('status')) ?? [];
    if (kilobytes) largest = Math.max(largest ?? 0, Number(kilobytes) * 1024);
  }
  return largest;
}

async function descendsFrom(pid: number, ancestor: number): Promise<boolean> {
  for (let id = pid; id > 1;) {
    if (id === ancestor) return true;
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
    id = Number(/PPid:\s+(\d+)/.exec(status)?.[1] ?? 0);
  }
  return false;
}

import { readdir, readFile } from 'node:fs/promises';

/**
 * Most memory that any of a browser's pages has held so far, workers and GPU-less rendering included.
 *
 * @param browser process id
 * @returns bytes; null where there is no /proc to ask
 */
export async function peakPageMemory(browser: number): Promise<number | null> {
  const processes = await readdir('/proc').catch(() => []);
  let peak: number | null = null;
  for (const pid of processes.filter(name => /^\d+$/.test(name))) {
    const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    if (!(await read('cmdline')).includes('--type=renderer')) continue;
    if (!(await descendsFrom(Number(pid), browser))) continue;
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(await read('status')) ?? [];
    if (kilobytes) peak = Math.max(peak ?? 0, Number(kilobytes) * 1024);
  }
  return peak;
}

async function descendsFrom(pid: number, ancestor: number): Promise<boolean> {
  for (let id = pid; id > 1;) {
    if (id === ancestor) return true;
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
    id = Number(/PPid:\s+(\d+)/.exec(status)?.[1] ?? 0);
  }
  return false;
}

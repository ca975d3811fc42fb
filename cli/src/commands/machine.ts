import { readFileSync } from 'node:fs';
import os from 'node:os';

/** What the figures of a benchmark were measured on, without the machine's name. */
export function machineText(): string {
  const processors = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `${processors.length} cores (${processors[0]?.model.trim() ?? os.arch()}), ${memory} GB, ${os.platform()}, Node ${process.versions.node}`;
}

/** Most memory that this process has held at once, in MB. */
export function peakMemoryMb(): number {
  return Math.round((highWaterMark() ?? process.resourceUsage().maxRSS) / 1024);
}

/**
 * Linux counts what the parent held when it started us into `maxRSS`; `VmHWM` is ours alone.
 *
 * @returns kB; null where there is no such figure
 */
function highWaterMark(): number | null {
  if (process.platform !== 'linux') return null;
  try {
    const found = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    return found && Number(found[1]);
  } catch {
    return null;
  }
}

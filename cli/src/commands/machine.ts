import { readFileSync } from 'node:fs';
import os from 'node:os';

/** Describes this machine for a benchmark, without its name. */
export function machineText(): string {
  const processors = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `${processors.length} cores (${processors[0]?.model.trim() ?? os.arch()}), ${memory} GB, ${os.platform()}, Node ${process.versions.node}`;
}

/** Returns the peak memory of this process, MB. */
export function peakMemoryMb(): number {
  return Math.round((highWaterMark() ?? process.resourceUsage().maxRSS) / 1024);
}

/**
 * Reads `VmHWM` on Linux, where `maxRSS` includes the parent's memory at the fork.
 *
 * @returns kB; null on other systems
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

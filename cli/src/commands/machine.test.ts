import { execFileSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { machineText, peakMemoryMb } from './machine';

describe('machineText', () => {
  it('describes the machine without its name', () => {
    expect(machineText()).toMatch(/^\d+ cores \(.+\), \d+ GB, \w+, Node \d+\.\d+\.\d+$/);
    expect(machineText()).not.toContain(os.hostname());
  });
});

const onLinux = process.platform === 'linux' ? it : it.skip;

describe('peakMemoryMb', () => {
  onLinux('is what this process held, not what the one that started it holds', () => {
    const held = new Uint8Array(500 * 2 ** 20).fill(1);
    const source = `import('${path.join(__dirname, 'machine.ts')}').then(({ peakMemoryMb }) => console.log(peakMemoryMb()))`;
    const child = execFileSync(process.execPath, ['--import', 'tsx', '-e', source]);
    expect(held.at(-1)).toBe(1);
    expect(peakMemoryMb()).toBeGreaterThan(500);
    expect(Number(child)).toBeGreaterThan(20);
    expect(Number(child)).toBeLessThan(400);
  });
});

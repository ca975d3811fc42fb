import { MemoryPlan } from './memoryPlan';

const START = 1024;

describe('MemoryPlan', () => {
  it('gives addresses in order, at the start of a cache line', () => {
    const plan = new MemoryPlan(START);
    expect([plan.allocate(1), plan.allocate(17), plan.allocate(1)]).toEqual([1024, 1088, 1216]);
    expect(plan.bytes).toBe(256);
  });

  it('gives what was released to the next that fits, and the rest to another', () => {
    const plan = new MemoryPlan(START);
    const large = plan.allocate(64);
    plan.allocate(16);
    plan.release(large);
    expect(plan.allocate(16)).toBe(large);
    expect(plan.allocate(48)).toBe(large + 64);
    expect(plan.bytes).toBe(5 * 64);
  });

  it('joins neighbors that are free', () => {
    const plan = new MemoryPlan(START);
    const [a, b] = [plan.allocate(16), plan.allocate(16)];
    plan.allocate(16);
    plan.release(b);
    plan.release(a);
    expect(plan.allocate(32)).toBe(a);
  });

  it('lengthens a free piece at the end', () => {
    const plan = new MemoryPlan(START);
    const only = plan.allocate(16);
    plan.release(only);
    expect(plan.allocate(64)).toBe(only);
    expect(plan.bytes).toBe(256);
  });

  it('gives unused memory to what must not be overwritten', () => {
    const plan = new MemoryPlan(START);
    plan.release(plan.allocate(16));
    expect(plan.allocateUnused(16)).toBe(START + 64);
  });

  it('takes back everything but unused memory at once', () => {
    const plan = new MemoryPlan(START);
    plan.allocate(16);
    const kept = plan.allocateUnused(16);
    plan.allocate(32);
    plan.releaseAll();
    expect(plan.allocate(32)).toBe(kept + 64);
    expect(plan.allocate(16)).toBe(START);
  });

  it('refuses to release what nobody has', () => {
    expect(() => new MemoryPlan(START).release(START)).toThrow('nothing was allocated at 1024');
  });
});

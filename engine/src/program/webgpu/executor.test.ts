/** @jest-environment ./engine/src/program/webgpu/testEnvironment.mjs */
import type { Add, Operation, Program, Role, Storage, Tensor } from '../program';
import { createWebGpuExecutor, type WebGpuExecutor } from './executor';
import { testDevice, withDevice } from './testDevice';

function storage(id: number, role: Role, length: number): Storage {
  return { id, role, length };
}

function whole(of: Storage): Tensor {
  return { storage: of, offset: 0, rows: 1, columns: of.length };
}

function add(a: Storage, b: Storage, out: Storage): Add {
  return { kind: 'add', a: whole(a), b: whole(b), out: whole(out) };
}

const input = storage(0, 'input', 5);
const total = storage(1, 'output', 5);
const [twice, fourTimes, eightTimes] = [2, 3, 4].map(id => storage(id, 'work', 5));
const parameters = storage(5, 'parameter', 5);
const storages = [input, total, twice, fourTimes, eightTimes, parameters];

/** `count`: total += input. `eightfold`: total = 8 input + parameters, by way of work storages. */
const program: Program = {
  storages,
  sequences: {
    count: [add(total, input, total)],
    eightfold: [
      add(input, input, twice),
      add(twice, twice, fourTimes),
      add(fourTimes, fourTimes, eightTimes),
      add(eightTimes, parameters, total),
    ],
    nothing: [],
  },
};

withDevice('WebGPU executor', () => {
  let device: GPUDevice;
  let executor: WebGpuExecutor;
  beforeEach(async () => {
    device = await testDevice();
    executor = await createWebGpuExecutor(program, device);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    executor.dispose();
    device.destroy();
  });

  const values = (of: Storage) => executor.read(whole(of)).then(read => [...read]);

  it('runs sequences in the order in which they were started, between writes and reads', async () => {
    expect(await values(total)).toEqual([0, 0, 0, 0, 0]);
    executor.write(whole(parameters), Float32Array.of(100, 100, 100, 100, 100));
    executor.write(whole(input), Float32Array.of(1, 2, 3, 4, 5));
    void executor.run('eightfold');
    void executor.run('count');
    const first = values(total);
    void executor.run('count');
    const second = values(total);
    executor.write(whole(input), Float32Array.of(1, 1, 1, 1, 1));
    void executor.run('nothing');
    void executor.run('count');
    expect(await first).toEqual([109, 118, 127, 136, 145]);
    expect(await second).toEqual([110, 120, 130, 140, 150]);
    expect(await values(total)).toEqual([111, 121, 131, 141, 151]);
    await executor.run('eightfold');
    expect(await values(total)).toEqual([108, 108, 108, 108, 108]);
  });

  it('reads and writes a part of a storage', async () => {
    const wide = storage(0, 'input', 200);
    const other = await createWebGpuExecutor({ storages: [wide], sequences: {} }, device);
    const part = { storage: wide, offset: 64, rows: 3, columns: 1 };
    other.write(part, Float32Array.of(7, 8, 9));
    expect([...(await other.read(part))]).toEqual([7, 8, 9]);
    expect((await other.read(whole(wide))).indexOf(7)).toBe(64);
    other.dispose();
  });

  it('tells how many dispatches a sequence takes', () => {
    expect(executor.dispatches).toEqual({ count: 1, eightfold: 4, nothing: 0 });
  });

  it('submits once for a run, whose commands take little time to record', async () => {
    const chain = Array.from({ length: 230 }, (_, i) =>
      i % 2 === 0 ? add(total, input, total) : add(input, total, twice),
    );
    const long = await createWebGpuExecutor({ storages, sequences: { chain } }, device);
    const submit = jest.spyOn(device.queue, 'submit');
    await long.run('chain');
    expect(submit).toHaveBeenCalledTimes(1);
    expect(submit.mock.calls[0][0]).toHaveLength(1);
    await long.read(whole(total));

    const times: number[] = [];
    for (let i = 0; i < 20; i++) {
      const start = performance.now();
      void long.run('chain');
      times.push(performance.now() - start);
      await long.read(whole(total));
    }
    const median = times.sort((a, b) => a - b)[10];
    console.info(
      `WebGPU executor: ${median.toFixed(2)} ms to hand over ${chain.length} dispatches`,
    );
    expect(median).toBeLessThan(15);
    long.dispose();
  });

  it('compiles the same shader once', async () => {
    const compile = jest.spyOn(device, 'createComputePipelineAsync');
    const again = await createWebGpuExecutor(program, device);
    expect(compile).not.toHaveBeenCalled();
    again.dispose();
  });

  it('leaves the device to others when it is disposed', async () => {
    const other = await createWebGpuExecutor(program, device);
    other.dispose();
    await expect(other.run('count')).rejects.toThrow('disposed');
    executor.write(whole(input), Float32Array.of(1, 2, 3, 4, 5));
    await executor.run('count');
    expect(await values(total)).toEqual([1, 2, 3, 4, 5]);
  });

  it('passes NaN on', async () => {
    const out = storage(6, 'output', 5);
    const gradient = storage(7, 'output', 5);
    const names = ['relu', 'gelu'] as const;
    for (const name of names) {
      const operations: Operation[] = [
        { kind: 'activation', function: name, input: whole(input), out: whole(out) },
        {
          kind: 'activationGradient',
          function: name,
          input: whole(parameters),
          outGradient: whole(input),
          inputGradient: whole(gradient),
        },
      ];
      const all = { storages: [...storages, out, gradient], sequences: { all: operations } };
      const other = await createWebGpuExecutor(all, device);
      other.write(whole(input), Float32Array.of(NaN, 1, -1, 0, NaN));
      other.write(whole(parameters), Float32Array.of(1, 1, 1, 1, 1));
      await other.run('all');
      expect((await other.read(whole(out))).map(Number.isNaN as never)).toEqual(
        Float32Array.of(1, 0, 0, 0, 1),
      );
      expect((await other.read(whole(gradient)))[4]).toBeNaN();
      other.dispose();
    }
  });

  it('rejects what comes after the loss of the device', async () => {
    device.destroy();
    await device.lost;
    await expect(executor.run('count')).rejects.toMatchObject({ code: 'gpu-lost' });
    await expect(executor.read(whole(total))).rejects.toMatchObject({ code: 'gpu-lost' });
  });

  it('rejects a read that the loss of the device interrupts', async () => {
    const reading = executor.read(whole(total));
    device.destroy();
    await expect(reading).rejects.toMatchObject({
      code: 'gpu-lost',
      message: expect.not.stringMatching(/mapAsync|memory cannot be read/),
    });
  });

  it('says that the device is lost when a program is prepared on it', async () => {
    device.destroy();
    await device.lost;
    await expect(createWebGpuExecutor(program, device)).rejects.toMatchObject({ code: 'gpu-lost' });
  });

  it('says why the device refuses a program', async () => {
    const short = { ...whole(input), columns: 500 };
    const sequences = { all: [{ kind: 'sumRows', input: short, out: short } as Operation] };
    const destroyed = jest.fn();
    const createBuffer = device.createBuffer.bind(device);
    jest.spyOn(device, 'createBuffer').mockImplementation(descriptor => {
      const buffer = createBuffer(descriptor);
      jest.spyOn(buffer, 'destroy').mockImplementation(destroyed);
      return buffer;
    });
    await expect(createWebGpuExecutor({ storages, sequences }, device)).rejects.toMatchObject({
      code: 'backend-unusable',
      message: expect.stringContaining('The GPU refused the computation: '),
    });
    expect(destroyed).toHaveBeenCalled();
  });

  it('names what the caller got wrong', async () => {
    await expect(executor.run('learn')).rejects.toThrow(
      'no sequence learn, only count, eightfold, nothing',
    );
    await expect(executor.read(whole(twice))).rejects.toThrow('Storage 2 is a work storage');
    expect(() => executor.write(whole(twice), new Float32Array(5))).toThrow('work storage');
    expect(() => executor.write(whole(input), new Float32Array(4))).toThrow(
      'A tensor of 5 values was given 4.',
    );
  });
});

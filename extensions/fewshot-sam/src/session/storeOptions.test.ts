import { DEFAULT_STORE_OPTIONS, StoreOptionMemory } from './storeOptions';

const storageWith = (text: string | null = null) => {
  let held = text;
  return { getItem: () => held, setItem: (_: string, value: string) => void (held = value) };
};

it('remembers the choice for the next page', () => {
  const storage = storageWith();
  const memory = new StoreOptionMemory(storage);
  expect(memory.get()).toEqual(DEFAULT_STORE_OPTIONS);
  memory.change({ encoding: 'labelmap' });
  memory.change({ everySlice: true });
  memory.change({ format: 'rtstruct' });
  expect(new StoreOptionMemory(storage).get()).toEqual({
    ...{ format: 'rtstruct', encoding: 'labelmap', everySlice: true },
  });
});

it.each(['{', '[]', '7', '{"format":"stl","encoding":"toString","everySlice":"yes"}'])(
  'falls back to the default for %s',
  text => {
    expect(new StoreOptionMemory(storageWith(text)).get()).toEqual(DEFAULT_STORE_OPTIONS);
  },
);

it('works without storage', () => {
  const full = {
    getItem: () => null,
    setItem: () => {
      throw new Error('full');
    },
  };
  for (const storage of [null, full]) {
    expect(new StoreOptionMemory(storage).change({ everySlice: true }).everySlice).toBe(true);
  }
});

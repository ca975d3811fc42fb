import { isMethodName, loadMethod, METHOD_NAMES, methodEntry } from './registry';

describe('registry', () => {
  it.each([...METHOD_NAMES])('loads %s', async name => {
    expect(await loadMethod(name)).toBeInstanceOf(Function);
  });

  it('knows its names', () => {
    expect(METHOD_NAMES.every(isMethodName)).toBe(true);
    expect(isMethodName('magic')).toBe(false);
    expect(isMethodName('toString')).toBe(false);
  });

  it('knows what a method needs', () => {
    const those = (is: 'withoutModel' | 'needsTruth' | 'acrossStudiesOnly') =>
      METHOD_NAMES.filter(name => methodEntry(name)[is]);
    expect(those('withoutModel')).toEqual(['interpolate', 'nearest']);
    expect(those('needsTruth')).toEqual(['sam-point', 'sam-box']);
    expect(those('acrossStudiesOnly')).toEqual(['paper-context', 'head']);
  });
});

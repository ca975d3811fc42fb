import { METHOD_NAMES } from './method';
import { isMethodName, loadMethod, needsModel, needsTruth } from './registry';

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
    expect(METHOD_NAMES.filter(name => !needsModel(name))).toEqual(['interpolate', 'nearest']);
    expect(METHOD_NAMES.filter(needsTruth)).toEqual(['sam-point', 'sam-box']);
  });
});

import { METHOD_NAMES } from '../methods/registry';
import { parseBenchArguments } from './benchArguments';

const parse = (...more: string[]) =>
  parseBenchArguments(['--suite', 'dev.json', '--json', 'rows.json', ...more]);

describe('parseBenchArguments', () => {
  it('fills in what is not given', () => {
    expect(parse()).toEqual({
      suite: 'dev.json',
      json: 'rows.json',
      methods: [...METHOD_NAMES],
      only: undefined,
      seed: 0,
      again: false,
      model: undefined,
      cache: undefined,
    });
  });

  it('reads every option', () => {
    const parsed = parse(
      ...['--methods', 'paper, nearest,paper', '--only', '^ct2/', '--seed', '3', '--again'],
      ...['--model', 'm', '--cache', 'none'],
    );
    expect(parsed).toEqual({
      suite: 'dev.json',
      json: 'rows.json',
      methods: ['paper', 'nearest'],
      only: /^ct2\//,
      seed: 3,
      again: true,
      model: 'm',
      cache: 'none',
    });
  });

  it.each<[string[], string]>([
    [['--json', 'rows.json'], '--suite is missing'],
    [['--suite', 'dev.json'], '--json is missing'],
  ])('refuses %j', (args, message) => {
    expect(() => parseBenchArguments(args)).toThrow(message);
  });

  it.each<[string[], string]>([
    [['--json', '-'], '--json must be a file'],
    [['--methods', 'magic'], '--methods must be'],
    [['--methods', 'paper,'], 'not ""'],
    [['--only', '('], '--only is not a regular expression'],
    [['--seed', 'x'], '--seed must be a whole number'],
    [['--shots', '1,2'], '--shots'],
    [['stray'], '"stray" belongs to no option'],
  ])('refuses %j', (more, message) => {
    expect(() => parse(...more)).toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.stringContaining(message) }),
    );
  });
});

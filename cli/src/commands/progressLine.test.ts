import { durationText, ProgressLine, progressText } from './progressLine';

function lineOn(isTTY: boolean) {
  let time = 0;
  const written: string[] = [];
  const line = new ProgressLine({ isTTY, write: text => written.push(text) }, () => time);
  const show = (at: number, done: number) => {
    time = at;
    line.show({ phase: 'encode', done, total: 20, etaSeconds: 20 - done });
  };
  return { line, show, written };
}

describe('progressText', () => {
  it('gives phase, share, count and time left', () => {
    expect(progressText({ phase: 'encode', done: 7, total: 20, etaSeconds: 8.4 })).toBe(
      'Encoding slices 35 % (7 of 20), 9 s left',
    );
    expect(progressText({ phase: 'model', done: 14e6, total: 28e6, etaSeconds: null })).toBe(
      'Loading the model 50 %',
    );
    expect(progressText({ phase: 'fit', done: 50, total: 50, etaSeconds: 0 })).toBe(
      'Learning 100 % (50 of 50)',
    );
  });

  it('gives minutes from 60 seconds', () => {
    expect(durationText(59.2)).toBe('1 min 00 s');
    expect(durationText(125)).toBe('2 min 05 s');
  });
});

describe('ProgressLine', () => {
  it('redraws one line of a terminal, at most ten times a second, and clears it at the end', () => {
    const { line, show, written } = lineOn(true);
    for (let i = 0; i <= 20; i++) show(i * 10, i);
    line.finish();
    expect(written.length).toBeLessThanOrEqual(5);
    expect(written.every(text => text.startsWith('\r\x1b[2K') && !text.includes('\n'))).toBe(true);
    expect(written.at(-2)).toContain('100 % (20 of 20)');
    expect(written.at(-1)).toBe('\r\x1b[2K');
  });

  it('does not flood a log: one line per phase, then one each ten seconds', () => {
    const { line, show, written } = lineOn(false);
    for (let i = 0; i <= 20; i++) show(i * 1000, i);
    line.finish();
    expect(written).toEqual(['Encoding slices\n', 'Encoding slices 50 % (10 of 20), 10 s left\n']);
  });

  it('writes a note on a line of its own', () => {
    const { line, show, written } = lineOn(true);
    show(0, 1);
    line.note('--image: two slices are alike.');
    expect(written.slice(1)).toEqual(['\r\x1b[2K', 'Note: --image: two slices are alike.\n']);
  });
});

import type { TaskFailure } from './benchChild';
import { failedFigures } from './benchFailure';

const within = { id: 'ct/liver/5', kind: 'within' } as const;
const across = { id: 'ct1-to-ct2/liver/5', kind: 'across' } as const;
const failure = (change: Partial<TaskFailure>): TaskFailure => ({
  code: 'bad-result',
  message: 'The structure was found on none of the 15 slices.',
  remedy: 'Outline it on more slices.',
  isOfSuite: false,
  ...change,
});

describe('failedFigures', () => {
  it('counts a segmentation that finds nothing, and a crash, as IoU 0', () => {
    const error = 'The structure was found on none of the 15 slices.';
    expect(failedFigures(within, 'paper', failure({}))).toMatchObject({
      ...{ iou: 0, dice: 0, error },
      accepted_unchanged: 0,
    });
    expect(failedFigures(across, 'paper', failure({}))).toMatchObject({ iou: 0, dice: 0, error });
    expect(failedFigures(within, 'paper', failure({ code: null }))).toMatchObject({ iou: 0 });
  });

  it('does not count what a method cannot do across studies; within one it must', () => {
    const refusal = failure({ code: 'bad-input', message: 'cannot' });
    expect(failedFigures(across, 'paper', refusal)).toMatchObject({
      ...{ iou: null, error: 'cannot' },
      accepted_unchanged: null,
    });
    expect(failedFigures(within, 'paper', refusal)).toMatchObject({ iou: 0, error: 'cannot' });
    expect(failedFigures(within, 'paper-context', refusal)).toMatchObject({ iou: null });
  });

  it.each(['model-missing', 'model-altered', 'backend-unusable', 'cancelled'] as const)(
    'makes no row of %s, which says nothing about the method',
    code => {
      expect(() => failedFigures(within, 'paper', failure({ code }))).toThrow(
        expect.objectContaining({ code, remedy: 'Outline it on more slices.' }),
      );
    },
  );

  it('names the case when the suite is wrong', () => {
    const wrong = failure({ code: 'bad-input', message: 'shots 9 lies outside', isOfSuite: true });
    expect(() => failedFigures(within, 'paper', wrong)).toThrow(
      'Case ct/liver/5: shots 9 lies outside',
    );
  });
});

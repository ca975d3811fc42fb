import { useEffect, useState } from 'react';
import type { Settings } from '../session/state';
import { RangeInputs } from './RangeInputs';
import { typedRange } from './sliceRange';
import { sliceNumber } from './words';

/**
 * First and last slice to segment. Leaving a field or pressing Enter applies the range; an invalid one is
 * reported and not applied.
 */
export function RangeFields(props: {
  settings: Settings;
  sliceCount: number;
  currentSlice: number | null;
  changeSettings(change: Partial<Settings>): void;
}) {
  const { settings, sliceCount, currentSlice, changeSettings } = props;
  const { from, to } = settings;
  const [typed, setTyped] = useState({ from: '', to: '' });
  const [problem, setProblem] = useState('');
  useEffect(() => {
    setTyped({ from: String(sliceNumber(from)), to: String(sliceNumber(to)) });
    setProblem('');
  }, [from, to]);

  const apply = (range: typeof typed) => {
    const wanted = typedRange(range.from, range.to, sliceCount);
    setProblem('problem' in wanted ? wanted.problem : '');
    if (!('problem' in wanted) && (wanted.from !== from || wanted.to !== to))
      changeSettings(wanted);
  };

  return (
    <fieldset className="fs-field">
      <legend>Slices to segment</legend>
      <RangeInputs
        names={{ from: 'First slice', to: 'Last slice' }}
        typed={typed}
        problem={problem}
        sliceCount={sliceCount}
        currentSlice={currentSlice}
        onType={setTyped}
        onDone={apply}
      />
    </fieldset>
  );
}

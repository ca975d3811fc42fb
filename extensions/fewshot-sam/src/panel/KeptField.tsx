import { useEffect, useId, useState } from 'react';
import { bytesText } from 'fewshot-sam';
import type { KeptData, KeptSize } from '../session/keptData';

/** Shows how much data the plug-in keeps in this browser. Deletes it after a second press. */
export function KeptField({ kept }: { kept: KeptData }) {
  const [size, setSize] = useState<KeptSize | null | 'unknown'>('unknown');
  const [asking, setAsking] = useState(false);
  const [cleared, setCleared] = useState(false);
  const about = useId();

  useEffect(() => {
    let shown = true;
    kept.size().then(
      found => shown && setSize(found),
      () => shown && setSize(null),
    );
    return () => {
      shown = false;
    };
  }, [kept]);

  if (size === 'unknown') return null;
  const empty = size === null || size.files === 0;
  const text = empty ? '0 kB' : bytesText(size.bytes);

  const clear = async () => {
    setAsking(false);
    await kept.clear();
    setSize(await kept.size());
    setCleared(true);
  };

  return (
    <div className="fs-field">
      <p id={about} className="fs-muted">
        {keptWords(size, cleared)}
      </p>
      {asking ? (
        <div className="fs-choices" role="group" aria-label={`Delete ${text}?`}>
          <button type="button" className="fs-button" autoFocus onClick={() => void clear()}>
            Delete {text}
          </button>
          <button type="button" className="fs-button" onClick={() => setAsking(false)}>
            Keep
          </button>
        </div>
      ) : (
        <button
          type="button"
          className="fs-button"
          aria-disabled={empty}
          aria-describedby={about}
          onClick={() => {
            if (!empty) setAsking(true);
          }}
        >
          Clear computed slices: {text}
        </button>
      )}
    </div>
  );
}

function keptWords(size: KeptSize | null, cleared: boolean): string {
  if (size === null)
    return 'This browser stores no computed slices, so each run computes them again.';
  const limit = `Limit: ${bytesText(size.limitBytes)}; the oldest are deleted first.`;
  if (size.files === 0) {
    return `${cleared ? 'Deleted.' : 'Nothing is stored in this browser yet.'} The next run stores what it computes, so later runs are faster. ${limit}`;
  }
  return `${size.files === 1 ? '1 computed slice is' : `${size.files} computed slices are`} stored, so the next run is faster. ${limit}`;
}

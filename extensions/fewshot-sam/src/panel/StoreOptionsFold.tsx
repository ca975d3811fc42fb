import { useId } from 'react';
import type { StoreFormat, StoreOptions } from '../session/storeOptions';
import { ChevronIcon } from './icons';
import { showOpened } from './scrollIntoView';

/** What is stored or downloaded. */
export const FORMAT_WORDS: Record<StoreFormat, string> = {
  seg: 'DICOM SEG',
  rtstruct: 'RTSTRUCT',
};
const FORMATS = Object.keys(FORMAT_WORDS) as StoreFormat[];

const FORMAT_HINTS: Record<StoreFormat, string> = {
  seg: 'Voxels. For OHIF, 3D Slicer and most programs.',
  rtstruct: 'Contours around the voxels. For treatment planning.',
};

const ENCODING_WORDS: Record<StoreOptions['encoding'], string> = {
  automatic: 'Automatic',
  binary: 'Binary',
  labelmap: 'Label map',
};
const ENCODINGS = Object.keys(ENCODING_WORDS) as StoreOptions['encoding'][];

const ENCODING_HINTS: Record<StoreOptions['encoding'], string> = {
  automatic: 'Binary, or another form where OHIF 3.13 would misread binary.',
  binary: 'For programs that accept nothing else. OHIF 3.13 misreads it for some image sizes.',
  labelmap: 'One value per voxel. For dcm2niix; not for dcmqi. Structures must not overlap.',
};

/** Format of what is stored, and options for DICOM SEG, folded: the defaults suit most programs. */
export function StoreOptionsFold(props: {
  options: StoreOptions;
  disabled: boolean;
  change(change: Partial<StoreOptions>): void;
}) {
  const { options, disabled, change } = props;
  const id = useId();
  const { format } = options;
  const words =
    format === 'seg'
      ? [
          FORMAT_WORDS.seg,
          ...(options.encoding === 'automatic' ? [] : [ENCODING_WORDS[options.encoding]]),
          ...(options.everySlice ? ['every slice'] : []),
        ].join(' · ')
      : FORMAT_WORDS[format];
  return (
    <details className="fs-settings" onToggle={showOpened}>
      <summary className="fs-section-bar">
        <span>Format</span>
        <span className="fs-settings-summary">{words}</span>
        <ChevronIcon />
      </summary>
      <div className="fs-section-body">
        <div className="fs-field">
          <label htmlFor={`${id}-format`}>Store as</label>
          <select
            id={`${id}-format`}
            className="fs-input"
            value={format}
            disabled={disabled}
            aria-describedby={`${id}-format-hint`}
            onChange={event => change({ format: event.target.value as StoreFormat })}
          >
            {FORMATS.map(each => (
              <option key={each} value={each}>
                {FORMAT_WORDS[each]}
              </option>
            ))}
          </select>
          <p id={`${id}-format-hint`} className="fs-muted">
            {FORMAT_HINTS[format]}
          </p>
        </div>
        {format === 'seg' && (
          <>
            <div className="fs-field">
              <label htmlFor={id}>Encoding</label>
              <select
                id={id}
                className="fs-input"
                value={options.encoding}
                disabled={disabled}
                aria-describedby={`${id}-hint`}
                onChange={event =>
                  change({ encoding: event.target.value as StoreOptions['encoding'] })
                }
              >
                {ENCODINGS.map(encoding => (
                  <option key={encoding} value={encoding}>
                    {ENCODING_WORDS[encoding]}
                  </option>
                ))}
              </select>
              <p id={`${id}-hint`} className="fs-muted">
                {ENCODING_HINTS[options.encoding]}
              </p>
            </div>
            <label className="fs-choice">
              <input
                type="checkbox"
                checked={options.everySlice}
                disabled={disabled}
                onChange={event => change({ everySlice: event.target.checked })}
              />
              Write every slice, for programs that need a stack without gaps
            </label>
          </>
        )}
      </div>
    </details>
  );
}

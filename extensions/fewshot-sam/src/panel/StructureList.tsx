import { useId, useState } from 'react';
import type { SegmentSummary } from '../session/state';
import type { ShownSegmentation } from '../viewer/segmentations';
import { css } from './color';
import { LockIcon, PlusIcon } from './icons';
import { NameForm } from './NameForm';

/** Chooses the segmentation to work on. Hidden unless there are several. */
export function SegmentationField(props: {
  segmentations: ShownSegmentation[];
  selectSegmentation(segmentationId: string): void;
}) {
  const { segmentations, selectSegmentation } = props;
  const id = useId();
  if (segmentations.length < 2) return null;
  return (
    <div className="fs-field">
      <label htmlFor={id}>Segmentation</label>
      <select
        id={id}
        className="fs-input"
        title="Structures of different segmentations may overlap. Each segmentation is stored separately."
        value={segmentations.find(({ active }) => active)?.segmentationId}
        onChange={event => selectSegmentation(event.target.value)}
      >
        {segmentations.map(({ segmentationId, label, isContours }) => (
          <option key={segmentationId} value={segmentationId}>
            {isContours ? `${label} (contours)` : label}
          </option>
        ))}
      </select>
    </div>
  );
}

function Row(props: {
  segment: SegmentSummary;
  group: string;
  select(): void;
  rename(label: string): void;
}) {
  const { segment, group, select, rename } = props;
  const [isNaming, setNaming] = useState(false);
  const slices = segment.labeledSlices.length;
  if (isNaming) {
    return (
      <NameForm
        label="Name of the structure"
        initial={segment.label}
        submit="Rename"
        obstacle={name =>
          name.trim() ? null : { message: 'The name is empty.', remedy: 'Type a name.' }
        }
        onSubmit={name => {
          setNaming(false);
          rename(name);
        }}
        onCancel={() => setNaming(false)}
      />
    );
  }
  return (
    <label
      onDoubleClick={() => setNaming(true)}
      onKeyDown={event => {
        if (event.key !== 'F2') return;
        event.stopPropagation();
        setNaming(true);
      }}
      className={segment.active ? 'fs-structure fs-structure-active' : 'fs-structure'}
    >
      <input
        type="radio"
        className="fs-hidden"
        name={group}
        checked={segment.active}
        onChange={select}
        aria-label={[
          segment.label,
          segment.locked ? 'locked' : '',
          `on ${slices} ${slices === 1 ? 'slice' : 'slices'}`,
        ]
          .filter(Boolean)
          .join(', ')}
      />
      <span className="fs-structure-index">{segment.segmentIndex}</span>
      <span className="fs-swatch" style={{ background: css(segment.color) }} />
      <span className="fs-structure-label" title={`${segment.label}: double-click or F2 to rename`}>
        {segment.label}
      </span>
      {segment.locked && (
        <span className="fs-structure-lock" title="Locked">
          <LockIcon />
        </span>
      )}
      <span className="fs-structure-count" title="Slices that contain it">
        {slices || '–'}
      </span>
    </label>
  );
}

/** Chooses the structure to work on: a radio group that looks like OHIF's segment list. */
export function StructureList(props: {
  segments: SegmentSummary[];
  selectSegment(segmentIndex: number): void;
  addSegment(): void;
  renameSegment(segmentIndex: number, label: string): void;
  canAdd: boolean;
}) {
  const group = useId();
  return (
    <>
      <button
        type="button"
        className="fs-add fs-add-structure"
        disabled={!props.canAdd}
        onClick={() => props.addSegment()}
      >
        <PlusIcon /> Add structure
      </button>
      {props.segments.length > 0 && (
        <div className="fs-structures" role="radiogroup" aria-label="Structure">
          {props.segments.map(segment => (
            <Row
              key={segment.segmentIndex}
              segment={segment}
              group={group}
              rename={label => props.renameSegment(segment.segmentIndex, label)}
              select={() => props.selectSegment(segment.segmentIndex)}
            />
          ))}
        </div>
      )}
    </>
  );
}

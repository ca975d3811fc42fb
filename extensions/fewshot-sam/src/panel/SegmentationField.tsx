import { useId } from 'react';
import type { ShownSegmentation } from '../viewer/segmentations';

/** Which segmentation to work on, where there are several: their structures may overlap. */
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
        title="Structures of different segmentations may overlap; each segmentation is stored by itself."
        value={segmentations.find(({ active }) => active)?.segmentationId}
        onChange={event => selectSegmentation(event.target.value)}
      >
        {segmentations.map(({ segmentationId, label }) => (
          <option key={segmentationId} value={segmentationId}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}

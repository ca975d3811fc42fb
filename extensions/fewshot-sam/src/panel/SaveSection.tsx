import { useId } from 'react';
import type { SessionActions, SessionSnapshot } from '../session/state';
import { ArchiveIcon, DownloadIcon } from './icons';
import { Notice } from './Notice';
import { Section } from './Section';

/** What to do with a result that was kept: into the archive, or as a file. */
export function SaveSection(props: { snapshot: SessionSnapshot; actions: SessionActions }) {
  const { store, canStore } = props.snapshot;
  const { storeSeg, downloadSeg } = props.actions;
  const reason = useId();
  const storing = store.state === 'storing';
  const stored = store.state === 'stored';
  const primary = canStore && !stored;
  return (
    <Section title="Save the segmentation">
      {stored && (
        <Notice
          kind="success"
          message="Stored in the archive"
          remedy={`Series “${store.seriesDescription}”.`}
        />
      )}
      {store.state === 'failed' && (
        <Notice kind="failure" message={store.message} remedy={store.remedy} />
      )}
      <button
        type="button"
        className={primary ? 'fs-button fs-button-primary' : 'fs-button'}
        aria-disabled={!canStore || storing}
        aria-describedby={canStore ? undefined : reason}
        data-focus-first
        onClick={() => {
          if (canStore && !storing) storeSeg();
        }}
      >
        <ArchiveIcon />
        {storing ? 'Storing…' : stored ? 'Store again' : 'Store to archive'}
      </button>
      {!canStore && (
        <p id={reason} className="fs-reason">
          These images do not come from an archive that takes results. Download the file instead.
        </p>
      )}
      <button
        type="button"
        className="fs-button"
        aria-disabled={storing}
        onClick={() => {
          if (!storing) downloadSeg();
        }}
      >
        <DownloadIcon /> Download DICOM SEG
      </button>
    </Section>
  );
}

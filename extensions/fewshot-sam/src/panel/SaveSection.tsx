import { useId, useRef } from 'react';
import type { SessionActions, SessionSnapshot, StoreState } from '../session/state';
import { ArchiveIcon, DownloadIcon } from './icons';
import { Notice } from './Notice';
import { Section } from './Section';
import { FORMAT_WORDS, StoreOptionsFold } from './StoreOptionsFold';
import { useFocusReturns } from './focus';
import { storeWords } from './words';

/** Outcome of the last attempt to store, and what to do about it. */
function Outcome({ store }: { store: StoreState }) {
  switch (store.state) {
    case 'stored':
      if (store.isChanged) {
        return (
          <Notice
            kind="hint"
            message="Changed since it was stored"
            remedy={`Series “${store.seriesDescription}” has the earlier version. Store again to add the current one.`}
          />
        );
      }
      if (store.hasOtherUids) {
        return (
          <Notice
            kind="hint"
            message="The archive stored it but changed its UIDs"
            remedy={`Open series “${store.seriesDescription}” and check that it shows on the images. It is not sent again, as that would make another copy. Tell the archive's administrator that it changes UIDs.`}
          />
        );
      }
      return store.confirmed ? (
        <Notice
          kind="success"
          message="Stored in the archive"
          remedy={`Series “${store.seriesDescription}”. Nothing has changed since; storing it again makes no second copy.`}
        />
      ) : (
        <Notice
          kind="hint"
          message="The archive accepted it, but does not show it yet"
          remedy={`Look for series “${store.seriesDescription}” in a few minutes. If it is not there, try again; that makes no second copy.`}
        />
      );
    case 'failed':
      return <Notice kind="failure" message={store.message} remedy={store.remedy} />;
    case 'stopped':
      return (
        <Notice
          kind="hint"
          message="Storing was stopped"
          remedy="The archive may already have received it. To store it, try again; that makes no second copy."
        />
      );
    default:
      return null;
  }
}

function Progress({ store }: { store: StoreState & { state: 'storing' } }) {
  const { step } = store;
  const fraction = step.phase === 'sending' ? step.fraction : null;
  const words = storeWords(step);
  return (
    <div>
      <p>{words}…</p>
      <div
        className={fraction === null ? 'fs-bar fs-bar-unknown' : 'fs-bar'}
        role="progressbar"
        aria-label={words}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={fraction === null ? undefined : Math.round(100 * fraction)}
      >
        <span style={fraction === null ? undefined : { width: `${100 * fraction}%` }} />
      </div>
    </div>
  );
}

function storeLabel(store: StoreState): string {
  switch (store.state) {
    case 'storing':
      return 'Storing…';
    case 'stored':
      return store.confirmed || store.isChanged ? 'Store again' : 'Try again';
    case 'failed':
    case 'stopped':
      return 'Try again';
    default:
      return 'Store to archive';
  }
}

/** Buttons to store the segmentation in the archive or download it. */
export function SaveSection(props: { snapshot: SessionSnapshot; actions: SessionActions }) {
  const { store, canStore } = props.snapshot;
  const { storeSeg, cancelStore, downloadSeg, changeStoreOptions } = props.actions;
  const reason = useId();
  const storeButton = useRef<HTMLButtonElement>(null);
  const cancelButton = useRef<HTMLButtonElement>(null);
  const storing = store.state === 'storing';
  const stopping = storing && store.step.phase === 'stopping';
  const primary = canStore && !(store.state === 'stored' && store.confirmed && !store.isChanged);
  useFocusReturns(cancelButton, storeButton, storing);
  return (
    <Section title="Save the segmentation">
      <Outcome store={store} />
      {storing && <Progress store={store} />}
      <div className="fs-decision">
        <button
          ref={storeButton}
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
          {storeLabel(store)}
        </button>
        {storing && (
          <button
            ref={cancelButton}
            type="button"
            className="fs-button"
            aria-disabled={stopping}
            onClick={() => {
              if (!stopping) cancelStore();
            }}
          >
            {stopping ? 'Stopping…' : 'Cancel'}
          </button>
        )}
      </div>
      {!canStore && (
        <p id={reason} className="fs-reason">
          The archive of these images does not accept results. Download the file instead.
        </p>
      )}
      <button
        type="button"
        className="fs-button"
        aria-disabled={storing}
        title={storing ? 'It is being stored.' : undefined}
        onClick={() => {
          if (!storing) downloadSeg();
        }}
      >
        <DownloadIcon /> Download {FORMAT_WORDS[props.snapshot.storeOptions.format]}
      </button>
      <StoreOptionsFold
        options={props.snapshot.storeOptions}
        disabled={storing}
        change={changeStoreOptions}
      />
    </Section>
  );
}

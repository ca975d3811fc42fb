import { useId, useState, useSyncExternalStore, type ReactNode } from 'react';
import { measurementCsv, measurementText, measurementWords } from 'fewshot-sam';
import { downloadSegmentation } from '../dicom/downloadSegmentation';
import {
  reportObstacle,
  type ResultsSnapshot,
  type ResultsStore,
  type StructureResult,
} from '../session/results';
import type { SessionActions, SessionSnapshot } from '../session/state';
import { css } from './color';
import { ArchiveIcon, CopyIcon, DownloadIcon, RulerIcon } from './icons';
import { Notice } from './Notice';
import { Section } from './Section';
import { storeWords } from './words';

const CSV_FILE = 'measurements.csv';

/** Offers to measure the structures, until they are measured. */
export function MeasureLink({ store }: { store: ResultsStore }) {
  const { state } = useSyncExternalStore(store.subscribe, store.getSnapshot);
  if (state !== 'offered') return null;
  return (
    <button type="button" className="fs-add" onClick={() => store.measure()}>
      <RulerIcon /> Measure
    </button>
  );
}

/** Measurements of the structures, after a review or when asked for. */
export function ResultsSection(props: {
  store: ResultsStore;
  snapshot: SessionSnapshot;
  goToSlice: SessionActions['goToSlice'];
}) {
  const { store, snapshot, goToSlice } = props;
  const results = useSyncExternalStore(store.subscribe, store.getSnapshot);
  const { state, structures, failure, fraction, plane } = results;
  if (state === 'none' || state === 'offered') return null;
  return (
    <Section
      title="Results"
      aside={state === 'measuring' && <span className="fs-section-count">Measuring…</span>}
    >
      {state === 'measuring' && (
        <div
          className="fs-bar"
          role="progressbar"
          aria-label="Measuring"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(100 * fraction)}
        >
          <span style={{ width: `${100 * fraction}%` }} />
        </div>
      )}
      {failure && (
        <>
          <Notice kind="failure" message={failure.message} remedy={failure.remedy} />
          <button type="button" className="fs-button" onClick={() => store.measure()}>
            Measure again
          </button>
        </>
      )}
      {structures.length > 0 && (
        <>
          <div className="fs-results" aria-busy={state === 'measuring'}>
            {structures.map(structure => (
              <Card
                key={structure.segmentIndex}
                structure={structure}
                unit={results.unit}
                // Slices of another plane are counted differently.
                goToSlice={snapshot.series?.plane === undefined ? goToSlice : null}
              />
            ))}
          </div>
          <p className="fs-muted">
            Diameters in the {plane} plane, from edge to edge: the longest, and the longest at a
            right angle to it.
          </p>
          <Actions results={results} store={store} snapshot={snapshot} />
        </>
      )}
    </Section>
  );
}

function Card(props: {
  structure: StructureResult;
  unit: string;
  goToSlice: SessionActions['goToSlice'] | null;
}) {
  const { structure, unit, goToSlice } = props;
  const { label, color, measurements } = structure;
  const words = measurementWords(measurements, { unit, firstSlice: 1 });
  return (
    <div className="fs-result" role="group" aria-label={`Measurements of ${label}`}>
      <p className="fs-result-head">
        <span className="fs-swatch" style={{ background: css(color) }} />
        <span className="fs-structure-label" title={label}>
          {label}
        </span>
      </p>
      <dl>
        <Line name="Volume">{words.volume}</Line>
        <Line name="Longest diameter">
          {goToSlice && (
            <button
              type="button"
              className="fs-link"
              onClick={() => goToSlice(measurements.diameters.sliceIndex)}
            >
              slice {words.slice}
            </button>
          )}
          {words.longest}
        </Line>
        <Line name="Perpendicular">{words.perpendicular}</Line>
        <Line name="Mean ± SD">{words.values}</Line>
        <Line name="Slices">{words.slices}</Line>
      </dl>
    </div>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Actions(props: {
  results: ResultsSnapshot;
  store: ResultsStore;
  snapshot: SessionSnapshot;
}) {
  const { results, store, snapshot } = props;
  const { structures, unit, report, state } = results;
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  const reason = useId();
  const options = { unit, firstSlice: 1 } as const;
  const storing = report.state === 'storing';
  const obstacle =
    state === 'measuring' ? 'The structures are being measured.' : reportObstacle(snapshot);
  const isStored = report.state === 'stored' && report.confirmed && !report.isChanged;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(measurementText(structures, options));
      setCopied('yes');
    } catch {
      // Browsers deny it on plain http, and where the user said so.
      setCopied('failed');
    }
  };
  return (
    <>
      <div className="fs-decision">
        <button type="button" className="fs-button" onClick={() => void copy()}>
          <CopyIcon /> Copy
        </button>
        <button
          type="button"
          className="fs-button"
          onClick={() => {
            const csv = new TextEncoder().encode(`\ufeff${measurementCsv(structures, options)}`);
            downloadSegmentation(csv.buffer, CSV_FILE, 'text/csv');
          }}
        >
          <DownloadIcon /> CSV
        </button>
      </div>
      <p className="fs-hidden" role="status">
        {copied === 'yes' && 'Copied'}
      </p>
      {copied === 'yes' && <p className="fs-muted">Copied as text.</p>}
      {copied === 'failed' && (
        <Notice
          kind="hint"
          message="The browser does not allow copying here."
          remedy="Download the CSV file instead."
        />
      )}
      <ReportOutcome report={report} />
      {storing ? (
        <button
          type="button"
          className="fs-button"
          aria-disabled={report.step.phase === 'stopping'}
          onClick={() => store.cancelReport()}
        >
          {storeWords(report.step)}… Cancel
        </button>
      ) : (
        <button
          type="button"
          className="fs-button"
          aria-disabled={obstacle !== null}
          aria-describedby={obstacle ? reason : undefined}
          title={obstacle ?? 'DICOM SR, stored beside the segmentation that it refers to'}
          onClick={() => {
            if (!obstacle) store.storeReport();
          }}
        >
          <ArchiveIcon /> {isStored ? 'Store report again' : 'Store report'}
        </button>
      )}
      {obstacle && (
        <p id={reason} className="fs-reason">
          {obstacle}
        </p>
      )}
    </>
  );
}

/** How storing the report ended. */
function ReportOutcome({ report }: Pick<ResultsSnapshot, 'report'>) {
  if (report.state === 'failed') {
    return <Notice kind="failure" message={report.message} remedy={report.remedy} />;
  }
  if (report.state === 'stopped') {
    return (
      <Notice
        kind="hint"
        message="Storing the report was stopped"
        remedy="The archive may already have received it. Trying again makes no second copy."
      />
    );
  }
  if (report.state !== 'stored') return null;
  if (report.isChanged) {
    return (
      <Notice
        kind="hint"
        message="Changed since the report was stored"
        remedy={`Series “${report.seriesDescription}” has the earlier figures.`}
      />
    );
  }
  return report.confirmed ? (
    <Notice
      kind="success"
      message="Report stored in the archive"
      remedy={`Series “${report.seriesDescription}”.`}
    />
  ) : (
    <Notice
      kind="hint"
      message="The archive accepted the report, but does not show it yet"
      remedy={`Look for series “${report.seriesDescription}” in a few minutes. Trying again makes no second copy.`}
    />
  );
}

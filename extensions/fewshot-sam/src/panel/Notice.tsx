import { useEffect, useRef, type ReactNode } from 'react';
import { showWhole } from './scrollIntoView';
import { AlertIcon, CheckIcon, CloseIcon, HintIcon } from './icons';

const ICONS = { hint: HintIcon, failure: AlertIcon, success: CheckIcon };

/** A message and its remedy. Screen readers announce a failure at once. */
export function Notice(props: {
  kind: keyof typeof ICONS;
  message: ReactNode;
  remedy?: string;
  id?: string;
  onDismiss?(): void;
}) {
  const { kind, message, remedy, id, onDismiss } = props;
  const Icon = ICONS[kind];
  const root = useRef<HTMLDivElement>(null);
  // It tells how an action went, so it must be seen.
  const isOutcome = onDismiss !== undefined || kind === 'success';
  useEffect(() => {
    if (isOutcome && root.current) showWhole(root.current);
  }, [isOutcome, message, remedy]);
  return (
    <div
      ref={root}
      className={`fs-notice fs-notice-${kind}`}
      id={id}
      role={kind === 'failure' ? 'alert' : undefined}
    >
      <Icon />
      <div className="fs-notice-text">
        <p className="fs-notice-message">{message}</p>
        {remedy && <p>{remedy}</p>}
      </div>
      {onDismiss && (
        <button type="button" className="fs-icon-button" aria-label="Dismiss" onClick={onDismiss}>
          <CloseIcon />
        </button>
      )}
    </div>
  );
}

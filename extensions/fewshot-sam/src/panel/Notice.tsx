import type { ReactNode } from 'react';
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
  return (
    <div
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

import { useId, type ReactNode } from 'react';
import type { Obstacle } from '../session/state';

/**
 * A button with a description of what it does, or why it is disabled. A disabled button stays focusable,
 * so that keyboard and screen reader users can read the reason.
 */
export function ActionButton(props: {
  /** What a press does; shown on hover. */
  hint: string;
  obstacle?: Obstacle | null;
  kind?: 'primary' | 'plain' | 'icon' | 'primary-icon' | 'link';
  label?: string;
  pressed?: boolean;
  keys?: string;
  focusFirst?: boolean;
  onPress(): void;
  children: ReactNode;
}) {
  const { hint, obstacle, kind = 'plain', label, pressed, keys, focusFirst, onPress } = props;
  const id = useId();
  const reason = obstacle ? `${obstacle.message} ${obstacle.remedy}` : hint;
  const classes = {
    primary: 'fs-button fs-button-primary',
    plain: 'fs-button',
    icon: 'fs-button fs-button-icon',
    'primary-icon': 'fs-button fs-button-icon fs-button-primary',
    link: 'fs-link',
  };
  return (
    <>
      <button
        type="button"
        className={classes[kind]}
        title={reason}
        aria-label={label}
        aria-pressed={pressed}
        aria-disabled={obstacle ? true : undefined}
        aria-describedby={id}
        aria-keyshortcuts={keys}
        data-focus-first={focusFirst || undefined}
        onClick={() => {
          if (!obstacle) onPress();
        }}
      >
        {props.children}
      </button>
      <span id={id} className="fs-hidden">
        {reason}
      </span>
    </>
  );
}

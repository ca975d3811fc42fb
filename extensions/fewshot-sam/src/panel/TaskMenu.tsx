import { useEffect, useRef, type KeyboardEvent } from 'react';

import { showWhole } from './scrollIntoView';

export interface MenuItem {
  name: string;
  /** What it does, or why it is disabled. */
  detail?: string;
  isDisabled?: boolean;
  choose(): void;
}

const STEPS: Record<string, number> = {
  ArrowDown: 1,
  ArrowUp: -1,
  Home: -Infinity,
  End: Infinity,
};

/** Menu of a task. Arrow keys move, Escape closes. */
export function TaskMenu(props: { label: string; items: MenuItem[]; close(): void }) {
  const { label, items, close } = props;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('button')?.focus();
    // The focus alone reveals only its first line above the footer.
    if (list.current) showWhole(list.current);
  }, []);

  const key = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
      return;
    }
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const buttons = [...event.currentTarget.querySelectorAll('button')];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[Math.max(0, Math.min(buttons.length - 1, at + step))].focus();
  };

  return (
    <div ref={list} className="fs-menu" role="menu" aria-label={label} onKeyDown={key}>
      {items.map(({ name, detail, isDisabled, choose }) => (
        <button
          key={name}
          type="button"
          role="menuitem"
          className="fs-menu-item"
          tabIndex={-1}
          aria-disabled={isDisabled}
          onClick={() => {
            if (!isDisabled) choose();
          }}
        >
          {name}
          {detail && <small>{detail}</small>}
        </button>
      ))}
    </div>
  );
}

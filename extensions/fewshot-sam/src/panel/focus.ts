import { useEffect, useRef, type RefObject } from 'react';
import type { SessionStatus } from '../session/state';

/**
 * Moves the focus to the element marked `data-focus-first` when the status changes, if the focus was inside
 * the panel: the pressed button disappears then, and the focus with it.
 */
export function useFocusFollowsStatus(
  root: RefObject<HTMLElement | null>,
  status: SessionStatus,
): void {
  const inside = useRef(false);
  const last = useRef(status);

  useEffect(() => {
    const element = root.current;
    if (!element) return;
    const enter = () => (inside.current = true);
    // A removed element loses the focus without a related target. So does a click elsewhere, but that also
    // fires pointerdown outside the panel.
    const leave = (event: FocusEvent) => {
      if (event.relatedTarget) inside.current = element.contains(event.relatedTarget as Node);
    };
    const press = (event: Event) => {
      if (!element.contains(event.target as Node)) inside.current = false;
    };
    element.addEventListener('focusin', enter);
    element.addEventListener('focusout', leave);
    document.addEventListener('pointerdown', press, true);
    return () => {
      element.removeEventListener('focusin', enter);
      element.removeEventListener('focusout', leave);
      document.removeEventListener('pointerdown', press, true);
    };
  }, [root]);

  useEffect(() => {
    if (last.current === status) return;
    last.current = status;
    if (inside.current && !root.current?.contains(document.activeElement)) {
      root.current?.querySelector<HTMLElement>('[data-focus-first]')?.focus();
    }
  }, [root, status]);
}

/** Moves the focus from `from` to `home` when `from` disappears (`shown` becomes false). */
export function useFocusReturns(
  from: RefObject<HTMLElement | null>,
  home: RefObject<HTMLElement | null>,
  shown: boolean,
): void {
  const had = useRef(false);
  useEffect(() => {
    const element = from.current;
    if (!shown) {
      if (had.current && document.activeElement === document.body) home.current?.focus();
      had.current = false;
      return undefined;
    }
    const note = () => (had.current = document.activeElement === element);
    document.addEventListener('focusin', note);
    return () => document.removeEventListener('focusin', note);
  }, [from, home, shown]);
}

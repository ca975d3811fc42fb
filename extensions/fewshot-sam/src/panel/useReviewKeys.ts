import { useEffect, useRef } from 'react';
import { reviewKey, type ReviewKey } from './reviewKeys';

const OPEN_DIALOG = '[role="dialog"][data-state="open"], [role="alertdialog"], [aria-modal="true"]';

/**
 * Listens for the keys of the review while the component is shown, before the viewer's own hotkeys.
 * Keys that the review does not use go on to the viewer.
 */
export function useReviewKeys(press: (key: ReviewKey) => void): void {
  const latest = useRef(press);
  useEffect(() => {
    latest.current = press;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      const key = reviewKey(event, target);
      if (!key || document.querySelector(OPEN_DIALOG)) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current(key);
    };
    window.addEventListener('keydown', listen, true);
    return () => window.removeEventListener('keydown', listen, true);
  }, []);
}

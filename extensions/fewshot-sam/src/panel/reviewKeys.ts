import { useEffect, useRef } from 'react';

/** Action of a key in a review. */
export type ReviewKey = 'accept' | 'reject' | 'next' | 'previous' | 'toggle' | 'sheet' | 'leave';

const KEYS: Record<string, ReviewKey> = {
  Enter: 'accept',
  Backspace: 'reject',
  Delete: 'reject',
  ArrowRight: 'next',
  ArrowLeft: 'previous',
  t: 'toggle',
  T: 'toggle',
  a: 'sheet',
  A: 'sheet',
  Escape: 'leave',
};

/** Elements that take text or handle these keys themselves. */
const OWN_KEYS = [
  'input:not([type="radio"]):not([type="checkbox"])',
  'textarea',
  'select',
  '[contenteditable=""]',
  '[contenteditable="true"]',
  '[role="menu"]',
  '[role="listbox"]',
  '[role="combobox"]',
  '[role="dialog"]',
  '[role="alertdialog"]',
].join(',');
const OWN_ARROWS = 'input, [role="slider"], [role="tab"], [role="radiogroup"], .fs-thumbnails';
const PRESSED_BY_ENTER = 'button, a, summary, [role="button"], [role="tab"], [role="switch"]';

/**
 * Action of a key in the review; null if the key belongs to a text field, a dialog, a button that Enter
 * presses, or a combination such as Ctrl+Z.
 *
 * @param target the focused element
 */
export function reviewKey(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'metaKey' | 'shiftKey' | 'repeat'>,
  target: Element | null,
): ReviewKey | null {
  const key = KEYS[event.key];
  if (!key || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return null;
  if (target?.closest(OWN_KEYS)) return null;
  if ((key === 'next' || key === 'previous') && target?.closest(OWN_ARROWS)) return null;
  if (key === 'accept') {
    // A held key would accept slices unseen.
    if (event.repeat) return null;
    // A clicked button keeps the focus invisibly; Enter should not press it again.
    const button = target?.closest(PRESSED_BY_ENTER);
    if (button?.matches(':focus-visible')) return null;
  }
  if ((key === 'reject' || key === 'leave') && event.repeat) return null;
  return key;
}

const OPEN_DIALOG = '[role="dialog"][data-state="open"], [role="alertdialog"], [aria-modal="true"]';

/**
 * Handles the keys of the review before the viewer's hotkeys, while the component is shown. Other keys go
 * to the viewer.
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

import { useEffect, useRef, type RefObject } from 'react';

/** Gives the keyboard focus to `home` when `from`, which had it, goes away: as soon as `shown` is false. */
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

import { useEffect, type RefObject, type SyntheticEvent } from 'react';

/** Space to leave above and below, in CSS pixels. */
const MARGIN = 8;

/**
 * How far to scroll so that an element is shown whole between the edges of its scroller.
 *
 * @param element top and bottom of the element
 * @param visible top and bottom of the part of the scroller that nothing covers
 * @returns pixels down (positive) or up (negative). If the element is higher than the visible part, its top
 *   is shown.
 */
export function scrollNeeded(
  element: { top: number; bottom: number },
  visible: { top: number; bottom: number },
): number {
  const above = element.top - MARGIN - visible.top;
  const below = element.bottom + MARGIN - visible.bottom;
  if (above < 0) return above;
  return below > 0 ? Math.min(below, above) : 0;
}

/** Scrolls the panel so that `element` is shown whole above the sticky footer. */
export function showWhole(element: HTMLElement): void {
  const scroller = element.closest<HTMLElement>('.fewshot');
  if (!scroller) return;
  const { top, bottom } = scroller.getBoundingClientRect();
  // What sticks to the bottom covers what lies below it, unless the element is part of it.
  const covers = [...scroller.querySelectorAll('.fs-footer, .fs-research')]
    .filter(footer => !footer.contains(element))
    .map(footer => footer.getBoundingClientRect().top);
  const visible = { top, bottom: Math.min(bottom, ...covers) };
  scroller.scrollTop += scrollNeeded(element.getBoundingClientRect(), visible);
}

/** Scrolls to a fold when it is opened. */
export function showOpened({ currentTarget }: SyntheticEvent<HTMLDetailsElement>): void {
  if (currentTarget.open) showWhole(currentTarget);
}

/** Scrolls to an element when it appears, and when `key` changes. */
export function useScrolledIntoView(
  element: RefObject<HTMLElement | null>,
  key: unknown = null,
): void {
  useEffect(() => {
    if (element.current) showWhole(element.current);
  }, [element, key]);
}

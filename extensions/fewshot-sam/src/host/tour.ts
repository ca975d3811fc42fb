/**
 * A tour for the first visit, as an OHIF tour. OHIF shows the tour of the open route once, with Shepherd,
 * and records that in localStorage under `shownTours`. A viewer built without tours ignores it.
 */
import type { Services } from './ohif';
import { PROPAGATE_BUTTON } from './toolbar';

/** Key under which OHIF records that the tour was shown. */
const TOUR_ID = 'fewshotTour';

/** The part of a Shepherd step that we call. */
interface ShownStep {
  id: string;
  tour: { steps: { id: string }[]; cancel(): void; next(): void; show(id: string): void };
  getElement(): HTMLElement | null | undefined;
  /** The element it points at. */
  getTarget(): Element | null | undefined;
}

interface Stop {
  id: string;
  title: string;
  text: string;
  /** Selectors of the element it points at; the first match is used. */
  at: string[];
  /** Selector to use if none of them matches. */
  otherwise?: string;
  side: 'left' | 'left-start' | 'bottom';
  /** Right-side panel that must be open. */
  panel?: RegExp;
}

const FEWSHOT = /fewshot$/;

const STOPS: Stop[] = [
  {
    id: 'outline',
    title: 'Outline a few slices',
    text: 'Press Add structure, take the brush below it, and fill the structure on 3 to 5 slices: near both ends and in between.',
    at: ['.fs-add-structure'],
    otherwise: '.fewshot',
    side: 'left-start',
    panel: FEWSHOT,
  },
  {
    id: 'panel',
    title: 'See what to do next',
    text: 'This panel shows what you outlined, and on which slice another outline would help most.',
    at: ['.fewshot'],
    side: 'left',
    panel: FEWSHOT,
  },
  {
    id: 'propagate',
    title: 'Few-shot propagate',
    text: 'Once 2 or more slices are outlined, press this or Shift+P. The browser segments the other slices; no image leaves it.',
    at: [`[data-cy="${PROPAGATE_BUTTON}"] button`, `[data-cy="${PROPAGATE_BUTTON}"]`],
    side: 'bottom',
  },
  {
    id: 'review',
    title: 'Review the result',
    text: 'Dashed lines show what was found. Go through the slices, least sure first: Enter accepts, Delete rejects. Nothing is written before you press Finish.',
    at: ['[data-cy="viewport-pane"]'],
    side: 'left',
  },
  {
    id: 'store',
    title: 'Store it',
    text: 'After Finish this panel offers to store the segmentation to the archive, or to download it. Research use. Not a medical device.',
    at: ['.fewshot'],
    side: 'left',
    panel: FEWSHOT,
  },
];

/**
 * OHIF removes the focus outline of buttons and gives their text too little contrast, and without an
 * overlay nothing marks the target.
 */
const STYLES = `
.fewshot-tour .shepherd-footer { align-items: center; gap: 4px; }
.fewshot-tour .shepherd-button { margin-right: 0 !important; }
.fewshot-tour .shepherd-button:not(.shepherd-button-secondary) { background-color: hsl(var(--highlight, 191 74% 63%)) !important; color: hsl(var(--background, 0 0% 0%)) !important; }
.fewshot-tour .shepherd-button:focus-visible { outline: 2px solid hsl(var(--foreground, 0 0% 98%)) !important; }
.fewshot-tour .fewshot-tour-count { flex: 1; color: hsl(var(--foreground, 0 0% 98%)); font-size: 14px; }
.fewshot-tour-target { position: relative; }
.fewshot-tour-target::after { content: ''; position: absolute; inset: 0; z-index: 50; border: 2px solid hsl(var(--highlight, 191 74% 63%)); border-radius: 4px; pointer-events: none; }
`;

/** Route of the mode. */
const ROUTE = '/fewshot';

/** Milliseconds to wait for the target of a step. */
const PATIENCE = 5_000;

/** Milliseconds between checks that the target is still visible. */
const LOOK = 250;

const isVisible = (element: Element) => element.getClientRects().length > 0;

function visible(selectors: readonly string[]): Element | undefined {
  const elements = selectors.flatMap(selector => [...document.querySelectorAll(selector)]);
  return elements.find(isVisible);
}

async function whenVisible(selectors: readonly string[]): Promise<void> {
  for (const end = Date.now() + PATIENCE; !visible(selectors) && Date.now() < end;) {
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

function openPanel({ panelService }: Services, name: RegExp): void {
  const panel = panelService.getPanels?.('right').find(({ id }) => name.test(id));
  if (panel) panelService.activatePanel(panel.id, true);
}

/** The tour that is on the screen. */
let shown: ShownStep['tour'] | null = null;
let following: ReturnType<typeof setInterval> | undefined;

/** Ends the tour if it is shown. */
export function endTour(): void {
  shown?.cancel();
}

/** Handles Escape wherever the focus is: Shepherd handles it only inside the step. */
function endByEscape(event: KeyboardEvent): void {
  const isHidden = document.querySelector<HTMLElement>('.fewshot-tour')?.style.visibility;
  if (event.key !== 'Escape' || isHidden) return;
  event.stopPropagation();
  endTour();
}

function leave(): void {
  shown = null;
  clearInterval(following);
  document.removeEventListener('keydown', endByEscape, true);
}

/**
 * Handles a user who opens another panel during a step, which would leave the step pointing at nothing. If
 * it is the panel of the next step, shows that step; otherwise hides the step until its target is back.
 */
function follow(step: ShownStep): void {
  const element = step.getElement();
  const target = step.getTarget();
  if (!element || !target) return;
  const index = STOPS.findIndex(({ id }) => id === step.id);
  const next = STOPS[index + 1];
  const isThere = isVisible(target);
  // Its panel may have been closed and opened again.
  if (!isThere && visible(STOPS[index].at)) step.tour.show(step.id);
  else if (!isThere && next?.panel && visible(next.at)) step.tour.next();
  else element.style.visibility = isThere ? '' : 'hidden';
}

function show(this: ShownStep): void {
  shown = this.tour;
  document.addEventListener('keydown', endByEscape, true);
  following = setInterval(() => follow(this), LOOK);

  const element = this.getElement();
  // The viewer has hotkeys on the keys that press buttons.
  element?.addEventListener('keydown', event => {
    if (event.key === ' ' || event.key === 'Enter') event.stopPropagation();
  });
  const style = document.createElement('style');
  style.textContent = STYLES;
  const count = document.createElement('span');
  count.className = 'fewshot-tour-count';
  const position = this.tour.steps.findIndex(({ id }) => id === this.id) + 1;
  count.textContent = `${position}/${this.tour.steps.length}`;
  element?.append(style);
  element?.querySelector('.shepherd-footer')?.prepend(count);
}

function buttonsOf(index: number): unknown[] {
  const isLast = index === STOPS.length - 1;
  const button = (text: string, method: 'cancel' | 'back' | 'next' | 'complete') => ({
    text,
    action(this: Record<typeof method, () => void>) {
      this[method]();
    },
    secondary: method === 'cancel' || method === 'back',
  });
  return [
    ...(isLast ? [] : [button('Skip', 'cancel')]),
    ...(index > 0 ? [button('Back', 'back')] : []),
    isLast ? button('Done', 'complete') : button('Next', 'next'),
  ];
}

/**
 * Route of the page for OHIF's router: without the folder of the viewer, with the data source if the path
 * has one.
 *
 * @param pathname e.g. `/viewer/fewshot/archive`
 */
export function routeOf(pathname: string): string {
  return pathname.slice(Math.max(0, pathname.lastIndexOf(ROUTE)));
}

/** Adds the tour to OHIF's tours. Call it when the mode is entered. */
export function addTour(services: Services): void {
  services.customizationService.setCustomizations({
    'ohif.tours': {
      // A site with an empty list wants no tours.
      $apply: (tours?: unknown[]) =>
        tours?.length === 0 ? tours : [...(tours ?? []), fewshotTour(services)],
    },
  });
}

function fewshotTour(services: Services): Record<string, unknown> {
  return {
    id: TOUR_ID,
    route: routeOf(window.location.pathname),
    steps: STOPS.map(({ id, title, text, at, otherwise, side, panel }, index) => ({
      id,
      title,
      text,
      attachTo: { element: () => visible([...at, ...(otherwise ? [otherwise] : [])]), on: side },
      buttons: buttonsOf(index),
      beforeShowPromise: async () => {
        if (panel) openPanel(services, panel);
        await whenVisible(at);
      },
    })),
    tourOptions: {
      // Keep the viewer usable, so that the user can follow a step while it is shown.
      useModalOverlay: false,
      // The viewer uses the arrow keys.
      keyboardNavigation: false,
      defaultStepOptions: {
        classes: 'fewshot-tour',
        highlightClass: 'fewshot-tour-target',
        when: { show, hide: leave, destroy: leave, cancel: leave, complete: leave },
      },
    },
  };
}

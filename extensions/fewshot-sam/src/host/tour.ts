/**
 * The tour of the first visit, in OHIF's own way: it shows the tour of the open route once, with
 * Shepherd, and notes that in localStorage as `shownTours`. OHIF's tours may be left out of a viewer:
 * then nothing reads this one.
 */
import type { Services } from './ohif';
import { PROPAGATE_BUTTON } from './toolbar';

/** By which OHIF remembers that it was shown. */
const TOUR_ID = 'fewshotTour';

/** The part of a Shepherd step that we call. */
interface ShownStep {
  id: string;
  tour: { steps: { id: string }[]; cancel(): void; next(): void; show(id: string): void };
  getElement(): HTMLElement | null | undefined;
  /** What it points at. */
  getTarget(): Element | null | undefined;
}

interface Stop {
  id: string;
  title: string;
  text: string;
  /** What it points at: the first of these that is there. */
  at: string[];
  /** Where none of them is. */
  otherwise?: string;
  side: 'left' | 'left-start' | 'bottom';
  /** Panel of the right side that has to be open. */
  panel?: RegExp;
}

const DRAWING = /panelSegmentationWithTools(LabelMap)?$/;
const FEWSHOT = /fewshot$/;

const STOPS: Stop[] = [
  {
    id: 'outline',
    title: 'Outline a few slices',
    text: 'Add a segmentation, take the brush (key b) and fill the structure on 3 to 5 slices: near both ends and in between.',
    // The button is there until a segmentation is, then the menu that adds another.
    at: ['[data-cy="addSegmentation"]', '[data-cy^="segmentation-collapsed-more-btn"]'],
    otherwise: '[data-cy^="panelSegmentationWithTools"][data-cy$="-btn"]',
    side: 'left-start',
    panel: DRAWING,
  },
  {
    id: 'panel',
    title: 'See what comes next',
    text: 'This panel shows what you outlined, and on which slice another outline would help most.',
    at: ['.fewshot'],
    side: 'left',
    panel: FEWSHOT,
  },
  {
    id: 'propagate',
    title: 'Few-shot propagate',
    text: 'With 2 slices outlined or more, press this, or Shift+P. The browser itself segments the other slices; no image leaves it.',
    at: [`[data-cy="${PROPAGATE_BUTTON}"] button`, `[data-cy="${PROPAGATE_BUTTON}"]`],
    side: 'bottom',
  },
  {
    id: 'review',
    title: 'Review the result',
    text: 'Dashed lines show what was found. Go through it, the least sure slices first: Enter accepts a slice, Delete rejects it. Nothing is written before you press Finish.',
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
 * OHIF takes the outline of focused buttons away and gives the words on them too little contrast; and
 * without an overlay nothing shows the target.
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

/** Of the mode. */
const ROUTE = '/fewshot';

/** Milliseconds for what a step points at to be drawn. */
const PATIENCE = 5_000;

/** Milliseconds between looks at whether it is still there. */
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

/** The tour of which a step is on the screen. */
let shown: ShownStep['tour'] | null = null;
let following: ReturnType<typeof setInterval> | undefined;

/** Ends the tour, when it is shown. */
export function endTour(): void {
  shown?.cancel();
}

/** Wherever the focus is: Shepherd itself hears it in the step only. */
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
 * The user may open another panel while a step is shown: it would point at nothing, from a corner of the
 * screen. Who has come to the panel of the next step sees that; other steps wait until theirs is back.
 */
function follow(step: ShownStep): void {
  const element = step.getElement();
  const target = step.getTarget();
  if (!element || !target) return;
  const index = STOPS.findIndex(({ id }) => id === step.id);
  const next = STOPS[index + 1];
  const isThere = isVisible(target);
  if (!isThere && next?.panel && visible(next.at)) step.tour.next();
  // The viewer may have drawn it anew.
  else if (!isThere && visible(STOPS[index].at)) step.tour.show(step.id);
  else element.style.visibility = isThere ? '' : 'hidden';
}

function show(this: ShownStep): void {
  shown = this.tour;
  document.addEventListener('keydown', endByEscape, true);
  following = setInterval(() => follow(this), LOOK);

  const element = this.getElement();
  // The viewer has hotkeys for the keys that press buttons.
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
 * What the router calls the page: without the folder in which a viewer may lie, with the data source
 * that may be named in it.
 *
 * @param pathname e.g. `/viewer/fewshot/archive`
 */
export function routeOf(pathname: string): string {
  return pathname.slice(Math.max(0, pathname.lastIndexOf(ROUTE)));
}

/** Adds the tour to those of OHIF. Call when the mode is entered. */
export function addTour(services: Services): void {
  services.customizationService.setCustomizations({
    'ohif.tours': {
      // A site that has emptied the list wants no tours.
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
      // The viewer stays usable: a step may be followed while it is shown.
      useModalOverlay: false,
      // Arrow keys scroll and choose.
      keyboardNavigation: false,
      defaultStepOptions: {
        classes: 'fewshot-tour',
        highlightClass: 'fewshot-tour-target',
        when: { show, hide: leave, destroy: leave, cancel: leave, complete: leave },
      },
    },
  };
}

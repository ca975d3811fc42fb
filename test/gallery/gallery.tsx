/** `index.html` shows all states side by side, `index.html#review` only one. */
import { mountPanel } from '../../extensions/fewshot-sam/src/panel/mountPanel';
import { GalleryStore } from './galleryStore';
import { GalleryResults, resultsStates } from './resultsStates';
import { STATES } from './states';
import { GalleryTasks, TASK_STATES } from './taskStates';

declare global {
  interface Window {
    galleryStates: string[];
    galleryStores: Record<string, GalleryStore>;
  }
}

const RESULTS_STATES = resultsStates(STATES.kept.snapshot);
const states: typeof STATES = { ...STATES, ...RESULTS_STATES, ...TASK_STATES };
window.galleryStates = Object.keys(states);
window.galleryStores = {};
const wanted = decodeURIComponent(location.hash.slice(1));

for (const [name, { caption, snapshot, review, shownAs, opens }] of Object.entries(states)) {
  if (wanted && name !== wanted) continue;
  const figure = document.createElement('figure');
  const title = document.createElement('figcaption');
  title.textContent = caption;
  const frame = document.createElement('div');
  frame.className = 'frame';
  frame.id = name;
  figure.append(title, frame);
  document.querySelector('main')!.append(figure);
  const store = new GalleryStore(snapshot, review, shownAs);
  window.galleryStores[name] = store;
  if (name in RESULTS_STATES) store.results = new GalleryResults(RESULTS_STATES[name].results);
  const tasks = name in TASK_STATES ? new GalleryTasks(TASK_STATES[name].tasks) : null;
  mountPanel(frame, store, tasks);
  if (wanted && opens) press(frame, opens);
}

/** Presses the button with these words as soon as React has rendered it. */
function press(frame: HTMLElement, words: string): void {
  const buttons = [...frame.querySelectorAll('button')];
  const button = buttons.find(({ textContent }) => textContent?.trim() === words);
  if (button) button.click();
  else requestAnimationFrame(() => press(frame, words));
}

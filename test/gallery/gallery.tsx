/** `index.html` shows all states side by side, `index.html#review` only one. */
import { mountPanel } from '../../extensions/fewshot-sam/src/panel/mountPanel';
import { GalleryStore } from './galleryStore';
import { STATES } from './states';

declare global {
  interface Window {
    galleryStates: string[];
    galleryStores: Record<string, GalleryStore>;
  }
}

window.galleryStates = Object.keys(STATES);
window.galleryStores = {};
const wanted = decodeURIComponent(location.hash.slice(1));

for (const [name, { caption, snapshot, review }] of Object.entries(STATES)) {
  if (wanted && name !== wanted) continue;
  const figure = document.createElement('figure');
  const title = document.createElement('figcaption');
  title.textContent = caption;
  const frame = document.createElement('div');
  frame.className = 'frame';
  frame.id = name;
  figure.append(title, frame);
  document.querySelector('main')!.append(figure);
  const store = new GalleryStore(snapshot, review);
  window.galleryStores[name] = store;
  mountPanel(frame, store);
}

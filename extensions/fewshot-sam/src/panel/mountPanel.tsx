import { createRoot } from 'react-dom/client';
import type { SessionStore } from '../session/state';
import { FewshotPanel } from './FewshotPanel';

/**
 * Shows the panel in an element of the host.
 *
 * @returns takes it away again
 */
export function mountPanel(element: HTMLElement, store: SessionStore): () => void {
  const root = createRoot(element);
  root.render(<FewshotPanel store={store} />);
  // The host may call this while it renders itself; React refuses to unmount a root just then.
  return () => queueMicrotask(() => root.unmount());
}

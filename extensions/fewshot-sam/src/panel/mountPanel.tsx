import { createRoot } from 'react-dom/client';
import type { SessionStore } from '../session/state';
import type { TaskStore } from '../tasks/state';
import { FewshotPanel } from './FewshotPanel';

/**
 * Shows the panel in an element of the host.
 *
 * @returns takes it away again
 */
export function mountPanel(
  element: HTMLElement,
  store: SessionStore,
  tasks: TaskStore | null = null,
): () => void {
  const root = createRoot(element);
  root.render(<FewshotPanel store={store} tasks={tasks} />);
  // The host may call this while it renders itself; React refuses to unmount a root just then.
  return () => queueMicrotask(() => root.unmount());
}

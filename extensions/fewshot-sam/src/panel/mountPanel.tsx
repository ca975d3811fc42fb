import { createRoot } from 'react-dom/client';
import type { SessionStore } from '../session/state';
import type { TaskStore } from '../tasks/state';
import { FewshotPanel } from './FewshotPanel';

let mounted = 0;

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
  // The host's React counts ids of its own: without a prefix two elements may get the same one.
  const root = createRoot(element, { identifierPrefix: `fewshot-${++mounted}-` });
  root.render(<FewshotPanel store={store} tasks={tasks} />);
  // The host may call this while it renders itself; React refuses to unmount a root just then.
  return () => queueMicrotask(() => root.unmount());
}

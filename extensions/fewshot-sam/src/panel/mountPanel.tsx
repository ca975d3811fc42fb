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
  // Of its own: React 19 in its strict mode takes the panel away and shows it again in one breath, and
  // an element that has a root does not take another.
  const container = document.createElement('div');
  container.style.display = 'contents';
  element.append(container);
  // The host's React counts ids of its own: without a prefix two elements may get the same one.
  const root = createRoot(container, { identifierPrefix: `fewshot-${++mounted}-` });
  root.render(<FewshotPanel store={store} tasks={tasks} />);
  return () => {
    container.remove();
    // The host may call this while it renders itself; React refuses to unmount a root just then.
    queueMicrotask(() => root.unmount());
  };
}

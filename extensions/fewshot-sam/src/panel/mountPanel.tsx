import { createRoot } from 'react-dom/client';
import type { SessionStore } from '../session/state';
import type { TaskStore } from '../tasks/state';
import { FewshotPanel } from './FewshotPanel';

let mounted = 0;

/**
 * Renders the panel into an element of the host.
 *
 * @returns a function that removes it
 */
export function mountPanel(
  element: HTMLElement,
  store: SessionStore,
  tasks: TaskStore | null = null,
): () => void {
  // Use a container of our own: React 19 in strict mode unmounts and remounts the panel immediately, and an
  // element with a root cannot take another.
  const container = document.createElement('div');
  container.style.display = 'contents';
  element.append(container);
  // Without a prefix, our ids may collide with those of the host's React.
  const root = createRoot(container, { identifierPrefix: `fewshot-${++mounted}-` });
  root.render(<FewshotPanel store={store} tasks={tasks} />);
  return () => {
    container.remove();
    // The host may call this during its own render, when React refuses to unmount a root.
    queueMicrotask(() => root.unmount());
  };
}

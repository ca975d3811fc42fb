/**
 * A prebuilt viewer does not share its React, and hooks of a second React fail inside its tree. So the
 * host renders one empty element that holds our own React root.
 */
import type { Mount } from './mountOnDemand';
import type { ExtensionManager } from './ohif';

const TRANSITIONAL = Symbol.for('react.transitional.element');
const LEGACY = Symbol.for('react.element');

/** The symbol that marks elements of the host's React. It changed with React 19. */
export function hostElementType(extensionManager: ExtensionManager): symbol {
  try {
    // OHIF's viewport module is a plain function that returns one element, so inspect that.
    const viewport = extensionManager.getModuleEntry(
      '@ohif/extension-cornerstone.viewportModule.cornerstone',
    )?.component;
    const element =
      typeof viewport === 'function' ? (viewport({}) as { $$typeof?: symbol } | null) : null;
    return element?.$$typeof === TRANSITIONAL ? TRANSITIONAL : LEGACY;
  } catch {
    return LEGACY;
  }
}

/**
 * Creates a component for the host's React that shows what `mount` renders into its element.
 *
 * @param mount called with the element when the host shows it; returns the cleanup
 */
export function islandComponent(extensionManager: ExtensionManager, mount: Mount): () => unknown {
  let unmount: (() => void) | null = null;
  // Keep one function identity: a new ref per render would remount the island each time.
  const ref = (element: HTMLElement | null) => {
    unmount?.();
    unmount = element ? mount(element) : null;
  };
  return function FewshotIsland() {
    const type = hostElementType(extensionManager);
    const style = { height: '100%', width: '100%', overflow: 'hidden' };
    return {
      $$typeof: type,
      type: 'div',
      key: null,
      ref: type === LEGACY ? ref : undefined,
      props: type === LEGACY ? { style } : { style, ref },
      _owner: null,
      _store: {},
    };
  };
}

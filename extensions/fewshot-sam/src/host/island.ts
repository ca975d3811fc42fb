/**
 * A prebuilt viewer does not share its React, and hooks of a second React fail inside its tree. So
 * the host renders one empty element, and our own React root lives inside it.
 */
import type { ExtensionManager } from './ohif';

type Mount = (element: HTMLElement) => () => void;

const TRANSITIONAL = Symbol.for('react.transitional.element');
const LEGACY = Symbol.for('react.element');

/** The symbol that marks elements of the host's React: another one from React 19 on. */
export function hostElementType(extensionManager: ExtensionManager): symbol {
  try {
    // OHIF's viewport module is a plain function that returns one element: a look at it tells.
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
 * A component for the host's React that shows whatever `mount` puts into its element.
 *
 * @param mount called with the element when the host shows it; returns what undoes it
 */
export function islandComponent(extensionManager: ExtensionManager, mount: Mount): () => unknown {
  let unmount: (() => void) | null = null;
  // One function identity for ever: a new ref per render would remount the island each time.
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

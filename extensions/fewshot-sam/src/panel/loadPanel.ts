import { scriptLoader } from '../host/pluginScript';
import type * as mountPanel from './mountPanel';

/** SHA-256 of `panel.js`, set by the build. A viewer built from source makes its own chunk. */
declare const FEWSHOT_PANEL_SHA256: string | undefined;

/**
 * Returns a function that loads React and the panel, which are most of the plug-in and a bundle of their own.
 *
 * @param folder of the plug-in: absolute URL, ending in a slash
 * @returns rejects with FewshotError `backend-unusable` or `plugin-altered`; the next call tries again
 */
export function panelLoader(folder: string): () => Promise<typeof mountPanel> {
  return scriptLoader(folder, {
    file: 'panel.js',
    purpose: 'which shows the panel',
    // The bundler drops the import where the hash is set.
    from:
      typeof FEWSHOT_PANEL_SHA256 === 'undefined'
        ? () => import('./mountPanel')
        : FEWSHOT_PANEL_SHA256,
  });
}

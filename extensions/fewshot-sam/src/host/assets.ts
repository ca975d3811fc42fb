/**
 * Folder that holds worker, wasm and model files: the one this bundle was loaded from, or the one a
 * site names in its configuration.
 *
 * @param configured `configuration.assetsUrl` of the extension in OHIF's app-config, absolute or
 *   relative to the page
 * @returns absolute URL ending in a slash
 */
export function assetsUrl(configured: string | undefined): string {
  const url = configured ? new URL(configured, document.baseURI) : new URL('.', import.meta.url);
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

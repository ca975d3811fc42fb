/**
 * The inline scripts of the prebuilt viewer's start page, by SHA-256: two in OHIF 3.11 and 3.12, the
 * same two minified from 3.13 on. `fewshot-sam doctor` prints those of a deployment.
 */
const INLINE_SCRIPTS = [
  'sha256-RUJKPsAHcLA3YS8dWuPEiqEPTlkfTEHKow0zXWj7MBE=',
  'sha256-zswedvCtAY8+yo2fcmo5BFhq2rYoxFvEm9kQ3FEcJB0=',
  'sha256-VggY0rSMrfuUfyGbMQUTdohoMO4fFh+5LLFfr7rG50g=',
  'sha256-12PW7jQ7q6uBo6f025aNINHBa58dqEw1kjWTLzM/lTg=',
];

/**
 * What the browser may run and fetch: see docs/security.md for the reason of each exception.
 *
 * @param compilesScripts also allows `new Function`, for the viewer's own decoders
 */
function policy(compilesScripts: boolean): string {
  return [
    "default-src 'self'",
    [
      "script-src 'self' 'wasm-unsafe-eval'",
      ...(compilesScripts ? ["'unsafe-eval'"] : INLINE_SCRIPTS.map(hash => `'${hash}'`)),
    ].join(' '),
    // The viewer's components add <style> elements as they are shown.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "connect-src 'self' blob:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'self'",
  ].join('; ');
}

/** For every answer but the viewer's bundles. */
export const POLICY = policy(false);

/**
 * For the viewer's bundles. A script's own policy counts only where it is started as a worker, and the
 * workers that decode compressed images build functions from text.
 */
export const BUNDLE_POLICY = policy(true);

/** Names of the viewer's bundles, as its build makes them; none of ours is like it. */
export const VIEWER_BUNDLE = /^\/[\w-]+\.bundle\.[0-9a-f]+\.js$/;

/** On every answer. The first three isolate the page, so that WebAssembly may use threads. */
const HEADERS: Record<string, string> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** @param url of a request: path and query */
export function headersFor(url: string): Record<string, string> {
  const isBundle = VIEWER_BUNDLE.test(url.split('?')[0]);
  return { ...HEADERS, 'Content-Security-Policy': isBundle ? BUNDLE_POLICY : POLICY };
}

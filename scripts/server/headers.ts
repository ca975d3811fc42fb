/**
 * SHA-256 of the inline scripts of the prebuilt viewer's start page: two in OHIF 3.11 and 3.12, and the
 * same two minified from 3.13 on. `fewshot-sam doctor` prints those of a deployment.
 */
const INLINE_SCRIPTS = [
  'sha256-RUJKPsAHcLA3YS8dWuPEiqEPTlkfTEHKow0zXWj7MBE=',
  'sha256-zswedvCtAY8+yo2fcmo5BFhq2rYoxFvEm9kQ3FEcJB0=',
  'sha256-VggY0rSMrfuUfyGbMQUTdohoMO4fFh+5LLFfr7rG50g=',
  'sha256-12PW7jQ7q6uBo6f025aNINHBa58dqEw1kjWTLzM/lTg=',
];

/**
 * Returns the Content-Security-Policy; see docs/security.md for the reason for each exception.
 *
 * @param isViewers also allows the viewer's inline scripts, and `new Function`
 */
function policy(isViewers: boolean): string {
  return [
    "default-src 'self'",
    [
      "script-src 'self' 'wasm-unsafe-eval'",
      ...(isViewers ? ["'unsafe-eval'", ...INLINE_SCRIPTS.map(hash => `'${hash}'`)] : []),
    ].join(' '),
    // The viewer's components add <style> elements when they render.
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

/** For the plug-in: a worker has the policy that its script is served with. */
export const PLUGIN_POLICY = policy(false);

/**
 * For the viewer, which compiles functions from text to open a segmentation and in its workers that decode
 * compressed images.
 */
export const VIEWER_POLICY = policy(true);

/** Path of the plug-in. */
export const PLUGIN_PATH = /^\/plugins\//;

/** Sent with every response. The first three isolate the page, so that WebAssembly may use threads. */
const HEADERS: Record<string, string> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** Returns the headers of a response. @param url of the request: path and query */
export function headersFor(url: string): Record<string, string> {
  const isPlugin = PLUGIN_PATH.test(url.split('?')[0]);
  return { ...HEADERS, 'Content-Security-Policy': isPlugin ? PLUGIN_POLICY : VIEWER_POLICY };
}

/** A Content-Security-Policy: directive -> its sources (https://www.w3.org/TR/CSP3/). */
export type Policy = Map<string, string[]>;

/** Parses a policy. @param header null when there is none: then everything is allowed */
export function readPolicy(header: string | null): Policy {
  const policy: Policy = new Map();
  for (const directive of (header ?? '').split(';')) {
    const [name, ...sources] = directive.trim().split(/\s+/);
    // The first directive of a name takes precedence.
    if (name && !policy.has(name.toLowerCase())) policy.set(name.toLowerCase(), sources);
  }
  return policy;
}

/** The first present of some directives must contain one of the sources; what to add if it does not. */
type Need = [directives: string[], sources: string[], add: string];

/** Whether a directive, or its fallback, allows one of some sources. */
function allows(policy: Policy, directives: string[], sources: string[]): boolean {
  const name = [...directives, 'default-src'].find(directive => policy.has(directive));
  if (name === undefined) return true;
  const allowed = policy.get(name)!;
  return allowed.some(source => sources.includes(source));
}

/**
 * Returns what the plug-in needs and a policy forbids.
 *
 * @param header the Content-Security-Policy of the page or of the worker's script
 * @param origin of the viewer
 * @returns for each the source to add, e.g. `script-src 'wasm-unsafe-eval'`
 */
export function missingSources(header: string | null, origin: string): string[] {
  const policy = readPolicy(header);
  const own = ["'self'", '*', origin, `${new URL(origin).protocol}`];
  const needs: Need[] = [
    [['script-src-elem', 'script-src'], own, "script-src 'self'"],
    [['script-src'], ["'wasm-unsafe-eval'", "'unsafe-eval'"], "script-src 'wasm-unsafe-eval'"],
    [['worker-src', 'child-src', 'script-src'], own, "worker-src 'self'"],
    [['connect-src'], own, "connect-src 'self'"],
    [['connect-src'], ['blob:'], 'connect-src blob:'],
    [['style-src-elem', 'style-src'], ["'unsafe-inline'"], "style-src 'unsafe-inline'"],
  ];
  return missing(policy, needs);
}

/**
 * Returns what the viewer itself needs and a policy forbids: OHIF compiles functions from text to open a
 * segmentation, and loads its images and fonts as blob: and data: URLs.
 *
 * @param header the Content-Security-Policy of the page
 */
export function missingForViewer(header: string | null): string[] {
  return missing(readPolicy(header), [
    [['script-src'], ["'unsafe-eval'"], "script-src 'unsafe-eval'"],
    [['img-src'], ['blob:'], 'img-src blob:'],
    [['img-src'], ['data:'], 'img-src data:'],
    [['font-src'], ['data:'], 'font-src data:'],
  ]);
}

function missing(policy: Policy, needs: Need[]): string[] {
  return needs
    .filter(([directives, sources]) => !allows(policy, directives, sources))
    .map(([, , add]) => add);
}

/** Returns those of the hashes (`sha256-…`) whose inline scripts may not run. */
export function forbiddenInline(header: string | null, hashes: readonly string[]): string[] {
  const policy = readPolicy(header);
  const script = ['script-src-elem', 'script-src'];
  const name = [...script, 'default-src'].find(directive => policy.has(directive));
  const sources = name === undefined ? [] : policy.get(name)!;
  // A hash or nonce in the list disables 'unsafe-inline'.
  const isListed = sources.some(source => /^'(sha\d+|nonce)-/.test(source));
  if (!isListed && allows(policy, script, ["'unsafe-inline'"])) return [];
  return hashes.filter(hash => !sources.includes(`'${hash}'`));
}

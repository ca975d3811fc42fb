/** A Content-Security-Policy: directive -> its sources (https://www.w3.org/TR/CSP3/). */
export type Policy = Map<string, string[]>;

/** @param header null when there is none: then everything is allowed */
export function readPolicy(header: string | null): Policy {
  const policy: Policy = new Map();
  for (const directive of (header ?? '').split(';')) {
    const [name, ...sources] = directive.trim().split(/\s+/);
    // The first of a name counts.
    if (name && !policy.has(name.toLowerCase())) policy.set(name.toLowerCase(), sources);
  }
  return policy;
}

/** Of some directives the first that is there has to hold one of the sources; what to add where it does not. */
type Need = [directives: string[], sources: string[], add: string];

/** Whether a directive, or what stands in for it, allows one of some sources. */
function allows(policy: Policy, directives: string[], sources: string[]): boolean {
  const name = [...directives, 'default-src'].find(directive => policy.has(directive));
  if (name === undefined) return true;
  const allowed = policy.get(name)!;
  return allowed.some(source => sources.includes(source));
}

/**
 * What the plug-in needs and a policy forbids.
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
 * What the viewer itself needs and a policy forbids: OHIF builds functions from text where it opens a
 * segmentation, and has pictures and fonts of its own as blobs and data.
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

/** Whether inline scripts of these hashes (`sha256-…`) may run. */
export function forbiddenInline(header: string | null, hashes: readonly string[]): string[] {
  const policy = readPolicy(header);
  const script = ['script-src-elem', 'script-src'];
  const name = [...script, 'default-src'].find(directive => policy.has(directive));
  const sources = name === undefined ? [] : policy.get(name)!;
  // A hash or a nonce in the list turns 'unsafe-inline' off.
  const isListed = sources.some(source => /^'(sha\d+|nonce)-/.test(source));
  if (!isListed && allows(policy, script, ["'unsafe-inline'"])) return [];
  return hashes.filter(hash => !sources.includes(`'${hash}'`));
}

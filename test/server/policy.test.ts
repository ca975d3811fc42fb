/** The Content-Security-Policy is the same in the demo server and in the configuration for nginx. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BUNDLE_POLICY, headersFor, POLICY, VIEWER_BUNDLE } from '../../scripts/server/headers';

const root = process.cwd();
const VIEWER = path.join(root, '.cache', 'viewer');
const NGINX = readFileSync(path.join(root, 'platform-config', 'nginx.conf'), 'utf8');

describe('Content-Security-Policy', () => {
  it('is the same behind nginx', () => {
    const [, byDefault] = /\n {2}default "(.*)";/.exec(NGINX)!;
    const [, pattern, forBundles] = /\n {2}"~(.*)" "(.*)";/.exec(NGINX)!;
    expect(byDefault).toBe(POLICY);
    expect(forBundles).toBe(BUNDLE_POLICY);
    expect(pattern).toBe(VIEWER_BUNDLE.source.replaceAll('\\/', '/'));
    for (const [name, value] of Object.entries(headersFor('/'))) {
      if (name === 'Content-Security-Policy') continue;
      expect(NGINX).toContain(`add_header ${name} ${value} always;`);
    }
  });

  it('lets the inline scripts of the viewer run, and no other', () => {
    const page = readFileSync(path.join(VIEWER, 'index.html'), 'utf8');
    const inline = [...page.matchAll(/<script[^>]*>([^]*?)<\/script>/g)].flatMap(
      ([, text]) => text || [],
    );
    expect(inline).toHaveLength(2);
    for (const text of inline) {
      expect(POLICY).toContain(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
    }
    expect(POLICY).not.toContain("'unsafe-eval'");
    expect(POLICY).not.toMatch(/script-src [^;]*'unsafe-inline'/);
  });

  it('lets functions be built from text in the bundles of the viewer alone', () => {
    const allows = (url: string) => headersFor(url)['Content-Security-Policy'] === BUNDLE_POLICY;
    const bundles = readdirSync(VIEWER).filter(name => name.includes('.bundle.'));
    const scripts = bundles.filter(name => name.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(20);
    expect(scripts.filter(name => !allows(`/${name}`))).toEqual([]);
    for (const url of [
      '/',
      '/fewshot?x=/a.bundle.0a.js',
      '/app-config.js',
      '/plugins/fewshot/worker.js',
      '/plugins/fewshot/a.bundle.0a.js',
    ]) {
      expect([url, allows(url)]).toEqual([url, false]);
    }
  });
});

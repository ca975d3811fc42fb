/** The Content-Security-Policy is the same in the demo server and in the configuration for nginx. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  headersFor,
  PLUGIN_PATH,
  PLUGIN_POLICY,
  VIEWER_POLICY,
} from '../../scripts/server/headers';

const root = process.cwd();
const VIEWER = path.join(root, '.cache', 'viewer');
const NGINX = readFileSync(path.join(root, 'platform-config', 'nginx.conf'), 'utf8');

describe('Content-Security-Policy', () => {
  it('is the same behind nginx', () => {
    const [, byDefault] = /\n {2}default "(.*)";/.exec(NGINX)!;
    const [, pattern, forPlugin] = /\n {2}"~(.*)" "(.*)";/.exec(NGINX)!;
    expect(byDefault).toBe(VIEWER_POLICY);
    expect(forPlugin).toBe(PLUGIN_POLICY);
    expect(pattern).toBe(PLUGIN_PATH.source.replaceAll('\\/', '/'));
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
      expect(VIEWER_POLICY).toContain(
        `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
      );
    }
    expect(VIEWER_POLICY).not.toMatch(/script-src [^;]*'unsafe-inline'/);
  });

  it('lets functions be built from text in the viewer alone', () => {
    expect(VIEWER_POLICY).toContain("'unsafe-eval'");
    expect(PLUGIN_POLICY).not.toContain("'unsafe-eval'");
    const policyOf = (url: string) => headersFor(url)['Content-Security-Policy'];
    for (const url of ['/', '/viewer?x=/plugins/', '/app.bundle.0a.js']) {
      expect([url, policyOf(url)]).toEqual([url, VIEWER_POLICY]);
    }
    for (const url of ['/plugins/fewshot/worker.js', '/plugins/fewshot/wasm/fewshot-thread.js?v']) {
      expect([url, policyOf(url)]).toEqual([url, PLUGIN_POLICY]);
    }
  });
});

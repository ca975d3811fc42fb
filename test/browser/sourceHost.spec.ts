/**
 * Viewers that are built from source, with our extension among the rest: with one React for all, and
 * with a newer one beside ours. `npm run test:viewers -- react` tries React 19, which it fetches.
 */
import { expect, test } from '@playwright/test';
import { build, type Plugin } from 'esbuild';
import path from 'node:path';

const EXTENSION = path.resolve('extensions');
/** A folder with `node_modules` that hold another React. */
const OTHER_REACT = process.env.TEST_REACT;

interface Host {
  name: string;
  /** Where React is looked for by files of the host, and by ours. */
  hostReact?: string;
  ourReact?: string;
}

const HOSTS: Host[] = [
  { name: 'one React 18 for all' },
  ...(OTHER_REACT
    ? [
        { name: 'React 19 beside our React 18', hostReact: OTHER_REACT },
        { name: 'one React 19 for all', hostReact: OTHER_REACT, ourReact: OTHER_REACT },
      ]
    : []),
];

/** Takes React from where a host has it. */
function reactFrom({ hostReact, ourReact }: Host): Plugin {
  return {
    name: 'react-from',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /^react(-dom)?(\/|$)/ }, ({ path: name, importer, kind, pluginData }) => {
        if (pluginData === 'resolved') return undefined;
        const isOurs = importer.startsWith(EXTENSION);
        const folder = isOurs ? ourReact : hostReact;
        // React's own files stay with the React that they are of.
        if (!folder || importer.includes('node_modules')) return undefined;
        return resolve(name, { resolveDir: folder, kind, pluginData: 'resolved' });
      });
    },
  };
}

/** Node's own modules, which libraries reach only in Node: viewers' builds leave them out, too. */
const withoutNode: Plugin = {
  name: 'without-node',
  setup({ onResolve, onLoad }) {
    const filter = /^(node:.*|url|events|fs|path|crypto|os|util|stream)$/;
    onResolve({ filter }, ({ path: name }) => ({ path: name, namespace: 'empty' }));
    onLoad({ filter: /.*/, namespace: 'empty' }, () => ({
      contents: 'exports.EventEmitter = class {};',
    }));
  },
};

async function bundle(host: Host): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.resolve('test/browser/sourceHost/host.tsx')],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"development"' },
    loader: { '.wasm': 'empty' },
    plugins: [reactFrom(host), withoutNode],
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0].text;
}

for (const host of HOSTS) {
  test(host.name, async ({ page }) => {
    const problems: string[] = [];
    page.on('pageerror', error => problems.push(error.message));
    page.on('console', message => {
      if (message.type() === 'error') problems.push(message.text());
    });
    const script = await bundle(host);
    await page.route('http://viewer.test/**', route =>
      route.request().url().endsWith('.js')
        ? route.fulfill({ contentType: 'text/javascript', body: script })
        : route.fulfill({
            contentType: 'text/html',
            body: '<!doctype html><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="/host.js"></script>',
          }),
    );
    await page.goto('http://viewer.test/');
    const version = host.hostReact ? '19' : '18';
    await expect(page.getByRole('heading', { name: `React ${version}` })).toBeVisible();
    const panel = page.getByRole('region', { name: 'Few-shot' });
    await expect(panel).toContainText('No series is shown in the active viewport.');
    await page.getByRole('button', { name: 'Close the panel' }).click();
    await expect(panel).toBeHidden();
    await page.getByRole('button', { name: 'Open the panel' }).click();
    await expect(panel).toContainText('No series is shown in the active viewport.');
    await page.screenshot({ path: `test-results/source-host/${host.name}.png` });
    expect(problems).toEqual([]);
  });
}

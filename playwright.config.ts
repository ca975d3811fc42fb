import { defineConfig } from '@playwright/test';
import { CHROMIUM } from './test/chromium';

export default defineConfig({
  testDir: 'test/browser',
  outputDir: 'test-results',
  // Real training on two cores: minutes for each test. `npm test` runs two files at a time, and those with
  // @alone, which limit milliseconds, one at a time.
  workers: 1,
  timeout: 600_000,
  expect: { timeout: 30_000 },
  // In this order. The panel's file takes minutes and would come last, with one worker, while the other is idle.
  projects: [
    { name: 'panel', testMatch: 'panel.spec.ts' },
    { name: 'viewer', testIgnore: 'panel.spec.ts' },
  ],
  use: {
    actionTimeout: 30_000,
    viewport: { width: 1400, height: 900 },
    launchOptions: {
      executablePath: CHROMIUM,
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        // The viewer draws with WebGL; without a GPU the software renderer does it.
        '--enable-unsafe-swiftshader',
      ],
    },
    screenshot: 'only-on-failure',
    trace: 'off',
  },
});

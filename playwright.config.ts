import { defineConfig } from '@playwright/test';
import { CHROMIUM } from './test/chromium';

/** Tests with a limit in seconds or milliseconds. */
const MEASURE_TIME = /(ct|interruptions|review)\.spec\.ts$/;

export default defineConfig({
  testDir: 'test/browser',
  outputDir: 'test-results',
  // Real training on two cores takes minutes. Much of a test is waiting for the viewer, though: two at a
  // time take less time than one after the other, but for those that measure time.
  projects: [
    { name: 'together', testIgnore: MEASURE_TIME },
    { name: 'alone', testMatch: MEASURE_TIME },
  ],
  workers: 1,
  timeout: 600_000,
  expect: { timeout: 30_000 },
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

import { defineConfig } from '@playwright/test';
import browser from './playwright.config';

/** Tests of long use: too long for `npm test`. `test/long/run.ts` starts them. */
export default defineConfig({
  ...browser,
  projects: undefined,
  testDir: 'test/long',
  outputDir: 'test-results/long',
  timeout: 0,
  reporter: 'list',
});

import { defineConfig } from '@playwright/test';
import browser from './playwright.config';

/** The pictures of the documentation: `npm run docs:pictures`. */
export default defineConfig({
  ...browser,
  projects: undefined,
  testDir: 'test/docs',
  testMatch: 'pictures.ts',
  outputDir: 'test-results/docs',
  reporter: 'list',
});

import { existsSync } from 'node:fs';

/** The system's Chromium; undefined where there is none. */
export const CHROMIUM = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
].find(file => file && existsSync(file));

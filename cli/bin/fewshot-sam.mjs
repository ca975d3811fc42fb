#!/usr/bin/env node
import { existsSync } from 'node:fs';

const program = new URL('../dist/cli.mjs', import.meta.url);
if (existsSync(program)) {
  await import(program.href);
} else {
  process.stderr.write('fewshot-sam has not been built.\nRun `npm run build` first.\n');
  process.exitCode = 1;
}

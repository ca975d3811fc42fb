module.exports = {
  testMatch: ['<rootDir>/**/*.test.ts', '<rootDir>/**/*.test.tsx'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '/dist/',
    '<rootDir>/.cache/',
    '<rootDir>/test/browser/',
  ],
  modulePathIgnorePatterns: ['<rootDir>/.cache/'],
  // These and their helpers ship modules only.
  transformIgnorePatterns: [
    '/node_modules/(?!d3-|internmap|fast-png|iobuffer|quick-lru|geotiff|@petamoriken|web-worker|xml-utils|zstddec|lerc)',
  ],
  testEnvironment: 'node',
  testTimeout: 60000,
  setupFilesAfterEnv: ['<rootDir>/test/quickTypedArrays.ts'],
  // In Jest's own context each look at a global takes tens of times as long as elsewhere.
  sandboxInjectedGlobals: ['Math', 'Number', 'Object', 'Array', 'Atomics'],
  maxWorkers: 2,
  testSequencer: '<rootDir>/test/longestFirst.js',
};

// Three tiers: unit tests stand beside the code and start nothing; what starts a process or opens a port sits in test/.
const base = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript', tsx: false }, transform: {} }, module: { type: 'es6' } },
    ],
  },
  // Each look at a global goes through the sandbox of the test, a microsecond each: pdfmake looks millions of times at this one, and gets it as a variable.
  sandboxInjectedGlobals: ['String'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.data', '<rootDir>/.cache'],
};

/** They hear tones in a browser or judge pages as they stand: no more than two at a time, beside nothing else. */
const browsers = String.raw`/web-(call|calling-out|controls|pages|ready|seat|sensitive)\.test\.ts$`;

/** They count milliseconds of silence or of answers, and want the machine for themselves. Other tests of the product run three at a time. */
const alone = String.raw`/(attacks/hostile-files|mixer-killed|processes-killed|web-(machine-dies|many-calls|relay))\.test\.ts$`;

const endToEnd = (files) => [`/test/end-to-end(?:/[a-z-]+)*${files}`];

export default {
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/(services|infra|web-agent/src)/**/*.test.ts', '<rootDir>/test/docs/**/*.test.ts'],
    },
    { ...base, displayName: 'simulation', testMatch: ['<rootDir>/test/simulation/**/*.test.ts'] },
    { ...base, displayName: 'integration', testMatch: ['<rootDir>/test/(contracts|integration)/**/*.test.ts'] },
    { ...base, displayName: 'e2e', testMatch: ['<rootDir>/test/end-to-end/**/*.test.ts'], testPathIgnorePatterns: [browsers, alone] },
    {
      ...base,
      displayName: 'attacks',
      testMatch: ['<rootDir>/test/attacks/**/*.test.ts'],
      globalSetup: '<rootDir>/test/attacks/support/set-up.mjs',
      globalTeardown: '<rootDir>/test/attacks/support/tear-down.mjs',
    },
    { ...base, displayName: 'engines', testMatch: ['<rootDir>/test/engines/**/*.test.ts'] },
    { ...base, displayName: 'browsers', testRegex: endToEnd(browsers) },
    { ...base, displayName: 'alone', testRegex: endToEnd(alone) },
  ],
  testTimeout: 60_000,
  testSequencer: '<rootDir>/test/longest-first.mjs',
};

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
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.data', '<rootDir>/.cache'],
};

/** They hear tones in a browser, judge pages as they stand, or count milliseconds of silence, and want the machine for themselves. Other tests of the product run two at a time. */
const alone = String.raw`/(mixer-killed|processes-killed|web-(call|calling-out|controls|machine-dies|many-calls|pages|ready|relay|seat|sensitive))\.test\.ts$`;

export default {
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/(services|infra|web-agent/src)/**/*.test.ts', '<rootDir>/test/docs/**/*.test.ts'],
    },
    { ...base, displayName: 'simulation', testMatch: ['<rootDir>/test/simulation/**/*.test.ts'] },
    { ...base, displayName: 'integration', testMatch: ['<rootDir>/test/(contracts|integration)/**/*.test.ts'] },
    { ...base, displayName: 'e2e', testMatch: ['<rootDir>/test/end-to-end/**/*.test.ts'], testPathIgnorePatterns: [alone] },
    {
      ...base,
      displayName: 'attacks',
      testMatch: ['<rootDir>/test/attacks/**/*.test.ts'],
      globalSetup: '<rootDir>/test/attacks/support/set-up.mjs',
      globalTeardown: '<rootDir>/test/attacks/support/tear-down.mjs',
    },
    { ...base, displayName: 'engines', testMatch: ['<rootDir>/test/engines/**/*.test.ts'] },
    { ...base, displayName: 'alone', testRegex: [`/test/end-to-end(?:/[a-z-]+)*${alone}`] },
  ],
  testTimeout: 60_000,
};

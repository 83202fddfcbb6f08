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

/** Tests of the whole product that hear no tone: they may run two at a time. The others want the machine for themselves. */
const withoutSound = String.raw`/test/end-to-end/(access|attacks|scopes|single-sign-on|slow-clients|web-administer|web-pages|web-public|web-worksheet)\.test\.ts$`;

export default {
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/(services|infra|web-agent/src)/**/*.test.ts', '<rootDir>/test/docs/**/*.test.ts'],
    },
    { ...base, displayName: 'integration', testMatch: ['<rootDir>/test/(contracts|integration)/**/*.test.ts'] },
    { ...base, displayName: 'pages', testRegex: [withoutSound] },
    { ...base, displayName: 'e2e', testMatch: ['<rootDir>/test/end-to-end/**/*.test.ts'], testPathIgnorePatterns: [withoutSound] },
  ],
  testTimeout: 60_000,
};

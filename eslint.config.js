import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import security from 'eslint-plugin-security';
import tseslint from 'typescript-eslint';

const strictButReadable = {
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/require-await': 'off',
  '@typescript-eslint/no-unnecessary-condition': 'off',
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/no-empty-function': 'off',
  '@typescript-eslint/unbound-method': 'off',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  // Mongoose describes a schema by literals of its option classes.
  '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
  'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
  'no-console': 'error',
};

/** Time and chance come from outside: the simulated centre (docs/simulation.md) is then the one that moves them. */
const ownTime = 'Time is given from outside (shared/domain/time/clock.ts), so that the simulation can move it.';
const ownChance = 'Chance is given from outside, so that the simulation can seed it.';
const timeAndChanceFromOutside = {
  'no-restricted-globals': [
    'error',
    ...['setTimeout', 'setInterval', 'setImmediate'].map((name) => ({ name, message: ownTime })),
    { name: 'performance', message: ownTime },
  ],
  'no-restricted-properties': [
    'error',
    { object: 'process', property: 'env', message: 'Read it in shared/platform/settings/config.ts.' },
    { object: 'Date', property: 'now', message: ownTime },
    { object: 'Math', property: 'random', message: ownChance },
    { object: 'crypto', property: 'randomUUID', message: ownChance },
  ],
  'no-restricted-syntax': ['error', { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: ownTime }],
};

const ofProject = (project, files, ignores = []) => ({
  files,
  ignores: ['**/*.test.ts', '**/*.test.tsx', ...ignores],
  languageOptions: { parserOptions: { project: [project] } },
});

export default tseslint.config(
  { ignores: ['dist/', '.cache/', '.data/', 'node_modules/', 'web-agent/dist/', 'web-agent/node_modules/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { tsconfigRootDir: import.meta.dirname } },
    rules: strictButReadable,
  },
  // Each file names the one project that it belongs to, so that a run over a folder holds the types of that folder alone.
  ofProject('services/tsconfig.json', ['services/**/*.ts'], ['services/shared/{domain,events,contracts,records}/**']),
  ofProject('services/shared/tsconfig.json', ['services/shared/{domain,events,contracts,records}/**/*.ts']),
  ofProject('infra/tsconfig.json', ['infra/**/*.ts']),
  ofProject('web-agent/tsconfig.json', ['web-agent/src/**/*.{ts,tsx}']),
  {
    files: ['**/*.test.ts', '**/*.test.tsx', 'test/**/*.ts', 'bench/**/*.ts'],
    languageOptions: { parserOptions: { project: ['test/tsconfig.json'] } },
  },
  {
    files: ['services/**/*.ts'],
    ignores: ['services/shared/platform/settings/config.ts', '**/*.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read it in shared/platform/settings/config.ts.' },
      ],
    },
  },
  {
    files: ['services/**/*.ts'],
    ignores: ['**/*.test.ts', 'services/shared/platform/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read it in shared/platform/settings/config.ts.' },
        { object: 'Date', property: 'now', message: 'Use the clock that is given, or `systemClock.nowMs()` at the edge.' },
      ],
      'no-restricted-globals': [
        'error',
        {
          name: 'setInterval',
          message: 'Use `every` of shared/platform/processes/rounds.ts (rounds of work) or of the clock (shared/domain/time/clock.ts).',
        },
      ],
    },
  },
  {
    files: ['services/{calls,routing}/**/*.ts', 'services/{satisfaction,outbound}/**/*.ts', 'web-agent/src/phone/*.ts'],
    // Adapters and routes stand at the edge, and a service's index.ts gives it the machine's clock.
    ignores: [
      '**/*.test.ts',
      '**/adapters/**',
      '**/*http.ts',
      '**/*-routes.ts',
      'services/{satisfaction,outbound}/index.ts',
      'web-agent/src/phone/{browser-clock,sip-seat-line}.ts',
    ],
    rules: timeAndChanceFromOutside,
  },
  { files: ['services/api/adapters/{seat-actions,tell-pages}.ts'], rules: timeAndChanceFromOutside },
  {
    files: ['services/**/*.ts'],
    ignores: ['services/shared/platform/stores/objects.ts', '**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'minio', message: 'ObjectClient of shared/platform/stores/objects.ts takes no stream, whose error nobody would hear.' },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts'],
    rules: { 'max-lines': ['error', { max: 600 }], '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: [
      'infra/**/*.ts',
      'bench/**/*.ts',
      'test/cluster/**/*.ts',
      'test/scan/**/*.ts',
      'test/soak/**/*.ts',
      'test/walks/**/*.ts',
      'test/simulation/**/*.ts',
      'test/attacks/mutants/**/*.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['services/**/*.ts', 'infra/**/*.ts', 'web-agent/src/**/*.{ts,tsx}'],
    ignores: ['**/*.test.ts'],
    plugins: { security },
    rules: {
      ...security.configs.recommended.rules,
      // Names only what any typed record does, and every file below a configured folder.
      'security/detect-object-injection': 'off',
      'security/detect-non-literal-fs-filename': 'off',
      // Guesses by nesting alone; `npm run scan` proves each expression instead.
      'security/detect-unsafe-regex': 'off',
      'security/detect-non-literal-regexp': 'error',
      // Names a comparison of anything called secret or token, also with undefined; secrets are compared by timingSafeEqual or by their hash.
      'security/detect-possible-timing-attacks': 'off',
      'security/detect-child-process': 'error',
    },
  },
  {
    files: ['{services,infra,bench}/**/*.ts', 'web-agent/src/**/*.{ts,tsx}'],
    ignores: ['**/*.test.ts', '**/*.test.tsx'],
    rules: { 'max-lines-per-function': ['error', { max: 100 }] },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        module: 'writable',
        require: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
      },
    },
  },
  prettier,
);

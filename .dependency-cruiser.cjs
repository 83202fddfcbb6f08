// .dependency-cruiser.cjs
// services/main.ts and services/main/ put the services together: they are the composition root, not a service.
const service = '^services/(?!shared/|main/)([^/]+)/';
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A cycle means two modules are one module.',
      from: { pathNot: '^test/simulation/' },
      to: { circular: true },
    },
    {
      name: 'no-cycles-that-run',
      severity: 'error',
      comment: 'The parts of the simulated world know it by its type alone.',
      from: { path: '^test/simulation/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'peers-meet-through-events',
      severity: 'error',
      comment: 'Publish or subscribe to an event in shared/events instead.',
      from: { path: service },
      to: { path: service, pathNot: '^services/$1/' },
    },
    {
      name: 'enter-by-the-front-door',
      severity: 'error',
      comment: 'Only index.ts of a service is public.',
      from: { path: ['^services/[^/]+\\.ts$', '^services/main/'] },
      to: { path: service, pathNot: '/index\\.ts$' },
    },
    {
      name: 'shared-knows-no-service',
      severity: 'error',
      comment: 'shared/ is the bottom layer.',
      from: { path: '^services/shared/' },
      to: { path: service },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment: 'No npm, no Node: it runs in the browser and in the verifier too.',
      from: { path: '^services/shared/domain/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^services/shared/domain/' },
    },
    {
      name: 'contracts-run-in-a-browser',
      severity: 'error',
      comment: 'Shared with web-agent; zod is the one dependency.',
      from: { path: '^services/shared/(contracts|events|records)/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^services/shared/(contracts|events|records|domain)/', 'node_modules/zod/'] },
    },
    {
      name: 'infrastructure-only-in-adapters',
      severity: 'error',
      comment: 'Reach it through ports.ts. zod describes data and touches nothing, so it may be anywhere.',
      from: { path: service, pathNot: ['/adapters/', '/http\\.ts$', '/index\\.ts$', '\\.test\\.ts$'] },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown', 'core'], pathNot: 'node_modules/zod/' },
    },
    {
      name: 'web-agent-sees-contracts-only',
      severity: 'error',
      comment: 'The browser never bundles server code.',
      from: { path: '^web-agent/' },
      to: { path: '^services/', pathNot: '^services/shared/(contracts|events|domain)/' },
    },
    {
      name: 'no-test-code-in-production',
      severity: 'error',
      comment: 'Helpers live in test/.',
      from: { pathNot: '(\\.test\\.tsx?$|^test/|^bench/)' },
      to: { path: '(\\.test\\.tsx?$|^test/)' },
    },
  ],
  options: { tsPreCompilationDeps: true, doNotFollow: { path: 'node_modules' }, tsConfig: { fileName: 'tsconfig.json' } },
};

import { route, type Audit, type Route } from '../shared/platform/http/route.js';
import type { ChainVerdict } from './chain.js';
import type { AuditStore } from './ports.js';

export function createAuditRoutes({
  store,
  check,
  audit,
}: {
  readonly store: AuditStore;
  readonly check: () => Promise<ChainVerdict>;
  readonly audit: Audit;
}): Route[] {
  return [
    route('GET /audit', {
      reach: { kind: 'site' },
      handle: async ({ principal, query, from }) => {
        // Every view by an inspector is recorded, as on every other page that inspectors open.
        if (principal.roles.includes('inspector'))
          await audit({ who: principal.userId, what: 'inspector.viewed', object: 'audit', from, success: true });
        return { rows: await store.search(query) };
      },
    }),
    route('POST /audit/check', {
      reach: { kind: 'site' },
      handle: async ({ principal, from }) => {
        const verdict = await check();
        await audit({
          who: principal.userId,
          what: 'audit.checked',
          success: verdict.integrity.ok && verdict.completeness.ok,
          from,
        });
        return verdict;
      },
    }),
  ];
}

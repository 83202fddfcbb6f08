import { z } from 'zod';
import { route, type Audit, type Route } from '../shared/platform/route.js';
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
    route({
      method: 'get',
      path: '/audit',
      right: 'audit.read',
      reach: { kind: 'site' },
      summary: 'Rows of the audit trail, newest first; `before` pages on.',
      query: z.object({
        who: z.string().max(64).optional(),
        what: z.string().max(64).optional(),
        object: z.string().max(128).optional(),
        from: z.coerce.date().optional(),
        to: z.coerce.date().optional(),
        before: z.coerce.number().int().positive().optional(),
        limit: z.coerce.number().int().min(1).max(500).default(100),
      }),
      handle: async ({ query }) => ({ rows: await store.search(query) }),
    }),
    route({
      method: 'post',
      path: '/audit/check',
      right: 'audit.read',
      reach: { kind: 'site' },
      summary: 'Checks the whole chain against its anchors: integrity and completeness, told apart.',
      handle: async ({ principal, from }) => {
        const verdict = await check();
        await audit({
          who: principal?.userId ?? 'system:audit',
          what: 'audit.checked',
          success: verdict.integrity.ok && verdict.completeness.ok,
          from,
        });
        return verdict;
      },
    }),
  ];
}

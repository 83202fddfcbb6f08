import { route, type Route } from '../../shared/platform/http/route.js';
import type { ChangeService } from './change-service.js';
import { stateOf } from './pending-change.js';

export function createChangeRoutes(changes: ChangeService, now: () => Date): Route[] {
  return [
    route('GET /account-changes', {
      reach: { kind: 'filtered' },
      handle: async ({ principal }) => ({
        changes: (await changes.list(principal)).map(({ passwordHash, ...change }) => ({
          ...change,
          password: passwordHash !== undefined,
          state: stateOf(change, now()),
        })),
      }),
    }),
    route('POST /account-changes/:id/decide', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, params, body, from }) => changes.decide(principal, params.id, body.approve, from),
    }),
    route('POST /session/account-changes/refuse', {
      reach: { kind: 'self' },
      handle: async ({ principal, from }) => ({ refused: await changes.refuseOwn(principal, from) }),
    }),
  ];
}

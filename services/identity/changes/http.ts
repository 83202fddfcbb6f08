import { z } from 'zod';
import { route, type Route } from '../../shared/platform/route.js';
import { signedInAs } from '../users-routes.js';
import type { ChangeService } from './change-service.js';
import { stateOf } from './pending-change.js';

export function createChangeRoutes(changes: ChangeService, now: () => Date): Route[] {
  return [
    route({
      method: 'get',
      path: '/account-changes',
      right: 'users.edit',
      reach: { kind: 'filtered' },
      summary: 'Changes of accounts that wait for a second administrator, and those that were decided, newest first.',
      handle: async ({ principal }) => ({
        changes: (await changes.list(signedInAs(principal))).map(({ passwordHash, ...change }) => ({
          ...change,
          password: passwordHash !== undefined,
          state: stateOf(change, now()),
        })),
      }),
    }),
    route({
      method: 'post',
      path: '/account-changes/:id/decide',
      right: 'users.edit',
      reach: { kind: 'filtered' },
      summary:
        'Approves or refuses a change of an account that another administrator asks for; refusing is for everybody, also for who asked.',
      params: z.object({ id: z.string().max(64) }),
      body: z.object({ approve: z.boolean() }),
      handle: async ({ principal, params, body, from }) => changes.decide(signedInAs(principal), params.id, body.approve, from),
    }),
    route({
      method: 'post',
      path: '/session/account-changes/refuse',
      right: 'self.use',
      reach: { kind: 'self' },
      summary: 'Whom changes of the own account concern says no to those that wait.',
      handle: async ({ principal, from }) => ({ refused: await changes.refuseOwn(signedInAs(principal), from) }),
    }),
  ];
}

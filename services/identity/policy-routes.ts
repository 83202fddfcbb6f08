import { CallCentreError } from '../shared/domain/failure.js';
import { route, type Audit, type Route } from '../shared/platform/route.js';
import { AccessPolicy, networksOf } from './access-policy.js';
import type { AccountService } from './account-service.js';
import type { AccessPolicyStore, AddressInNetworks, Tokens } from './ports.js';
import { signedInAs } from './users-routes.js';

export interface PolicyRoutes {
  readonly policies: AccessPolicyStore;
  readonly contains: AddressInNetworks;
  readonly accounts: AccountService;
  readonly tokens: Pick<Tokens, 'keyIds'>;
  readonly audit: Audit;
}

/** What the security administrator decides for everybody. */
export function createPolicyRoutes({ policies, contains, accounts, tokens, audit }: PolicyRoutes): Route[] {
  return [
    route({
      method: 'get',
      path: '/security/policy',
      right: 'security.edit',
      reach: { kind: 'site' },
      summary: 'From which networks the roles may sign in, the ids of the keys that access tokens are believed by, and the own address.',
      handle: async ({ from }) => ({ policy: await policies.read(), tokenKeys: tokens.keyIds(), yourAddress: from }),
    }),
    route({
      method: 'put',
      path: '/security/policy',
      right: 'security.edit',
      reach: { kind: 'site' },
      summary: 'Sets the networks of the roles; refused when it would lock out the person who sets it. In force at the next refresh.',
      body: AccessPolicy,
      handle: async ({ principal, body, from }) => {
        const by = signedInAs(principal);
        const lists = networksOf(await accounts.byId(by.userId), body);
        if (!lists.every((list) => contains(list, from)))
          throw new CallCentreError('invalid-request', 'This would lock you out.', { details: { need: 'own-address', address: from } });
        await audit({
          who: by.userId,
          what: 'security.policy-changed',
          from,
          success: true,
          before: await policies.read(),
          after: body,
        });
        await policies.write(body);
      },
    }),
  ];
}

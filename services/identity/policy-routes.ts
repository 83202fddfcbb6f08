import { CallCentreError } from '../shared/domain/failure.js';
import { route, type Audit, type Route } from '../shared/platform/http/route.js';
import { networksOf } from './access-policy.js';
import type { AccountService } from './account-service.js';
import type { AccessPolicyStore, AddressInNetworks, Tokens } from './ports.js';

export interface PolicyRoutes {
  readonly policies: AccessPolicyStore;
  readonly contains: AddressInNetworks;
  readonly accounts: AccountService;
  readonly tokens: Pick<Tokens, 'keyIds'>;
  readonly audit: Audit;
}

/** The settings that the security administrator makes for everybody. */
export function createPolicyRoutes({ policies, contains, accounts, tokens, audit }: PolicyRoutes): Route[] {
  return [
    route('GET /security/policy', {
      reach: { kind: 'site' },
      handle: async ({ from }) => ({ policy: await policies.read(), tokenKeys: tokens.keyIds(), yourAddress: from }),
    }),
    route('PUT /security/policy', {
      reach: { kind: 'site' },
      handle: async ({ principal, body, from }) => {
        const by = principal;
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

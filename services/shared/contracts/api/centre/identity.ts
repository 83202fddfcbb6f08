import { z } from 'zod';
import { accountBatchRefusals, MOST_IN_BATCH } from '../../../domain/people/batch.js';
import { personalRights, roles } from '../../../domain/people/rights.js';
import { AccessPolicy, network } from '../../access-policy.js';
import { Profile, SeatCredential, SignIn, SignedIn } from '../../session.js';
import { commandFailures, type Endpoints, nothing, redirect } from '../endpoint.js';
import { UserId } from '../../ids.js';

const scope = z
  .object({
    queues: z.array(z.string().max(64)),
    sites: z.array(z.string().max(64)),
    clientUnits: z.array(z.string().max(64)),
    teams: z.array(z.string().max(64)).optional(),
  })
  .refine(
    ({ teams = [], queues, sites, clientUnits }) => teams.length === 0 || [queues, sites, clientUnits].every((list) => list.length === 0),
    'A scope consists of teams, or of queues, client units and sites, but not of both.',
  );

const batchFields = z.object({ teamId: z.string().max(64).nullable().optional(), disabled: z.boolean().optional() });

/** Which part of the centre a person may see; an empty list means all. */
export const Scope = z.object({
  queues: z.array(z.string()),
  sites: z.array(z.string()),
  clientUnits: z.array(z.string()),
  /** People with teams see only the members of those teams. */
  teams: z.array(z.string()).optional(),
});
export type Scope = z.infer<typeof Scope>;

/** An account, as the people who manage accounts see it. */
export const UserAccount = z.object({
  id: z.string(),
  name: z.string(),
  displayName: z.string(),
  roles: z.array(z.enum(roles)),
  scope: Scope,
  /** The team of the person; null if the person is in no team. */
  teamId: z.string().nullable(),
  disabled: z.boolean(),
  toSeparate: z.boolean(),
  totpEnrolled: z.boolean(),
  totpNeeded: z.boolean(),
  totpGraceUntil: z.iso.datetime().nullable(),
  networks: z.array(z.string()),
  /** Rights of this person that no role includes. */
  grants: z.array(z.enum(personalRights)),
  mustChangePassword: z.boolean(),
  createdAt: z.iso.datetime(),
  lastSignInAt: z.iso.datetime().nullable(),
  expiresAt: z.iso.datetime().nullable(),
  /** From when the person may decide about requests of others; null while nobody has confirmed the account. */
  decidesFrom: z.iso.datetime().nullish(),
  dormant: z.boolean(),
});
export type UserAccount = z.infer<typeof UserAccount>;

export const ChangeState = z.enum(['waiting', 'refused', 'approved', 'over']);
export type ChangeState = z.infer<typeof ChangeState>;

export const identityApi = {
  'GET /users': {
    right: 'users.read',
    summary: 'All accounts.',
    answer: z.object({
      users: z.array(UserAccount),
    }),
    failures: [],
  },
  'GET /users/names': {
    right: 'queues.watch',
    summary: 'The displayed names of all who have or had a seat, by their ids, for lists that name who took a call.',
    answer: z.object({
      names: z.record(z.string(), z.string()),
    }),
    failures: [],
  },
  'POST /users': {
    right: 'users.edit',
    summary:
      'Creates an account. Sensitive roles and personal rights take effect once a second administrator has approved them: `waiting` names the changes that wait.',
    body: z.object({
      name: z.string().regex(/^[a-zA-Z0-9._-]{2,64}$/),
      displayName: z.string().trim().min(1).max(64),
      password: z.string().max(256),
      roles: z.array(z.enum(roles)).min(1),
      scope: scope.optional(),
      teamId: z.string().max(64).nullable().optional(),
      expiresAt: z.coerce.date().optional(),
      networks: z.array(network).max(50).optional(),
      grants: z.array(z.enum(personalRights)).max(personalRights.length).optional(),
    }),
    answer: UserAccount.extend({ waiting: z.array(z.string()) }),
    failures: ['already-exists', 'invalid-request', 'not-found', 'outside-scope', 'wrong-state'],
  },
  'POST /users/batch': {
    right: 'users.edit',
    summary:
      'Team and state of several accounts, at most 200, each by the rules of `PATCH /users/:id`. Without `commit` nothing is changed and each row says whether it would be refused; with it, one refused row leaves all rows unchanged. `before` is what the page read: a row that has changed since is refused.',
    body: z.object({
      rows: z
        .array(z.object({ id: z.string().max(64), before: batchFields, after: batchFields }))
        .min(1)
        .max(MOST_IN_BATCH),
      commit: z.boolean().default(false),
    }),
    answer: z.object({
      done: z.boolean(),
      /** In the order of the request. Accounts that the person may not see have no name. */
      rows: z.array(z.object({ id: z.string(), name: z.string().optional(), refused: z.enum(accountBatchRefusals).optional() })),
    }),
    failures: [],
  },
  'PATCH /users/:id': {
    right: 'users.edit',
    summary:
      'Changes another account: displayed name, roles, scope, networks, end date, closure, password, removal of the authenticator, personal rights. Sensitive roles, resets of people who hold one, and granted personal rights wait for a second administrator: `waiting` names the changes.',
    params: z.object({ id: z.string().max(64) }),
    body: z.object({
      displayName: z.string().trim().min(1).max(64).optional(),
      roles: z.array(z.enum(roles)).min(1).optional(),
      scope: scope.optional(),
      /** The team of the person from today on; null for no team. */
      teamId: z.string().max(64).nullable().optional(),
      disabled: z.boolean().optional(),
      password: z.string().max(256).optional(),
      expiresAt: z.coerce.date().optional(),
      resetTotp: z.boolean().optional(),
      networks: z.array(network).max(50).optional(),
      /** The rights of this person in addition to those of the roles. */
      grants: z.array(z.enum(personalRights)).max(personalRights.length).optional(),
    }),
    answer: z
      .object({
        waiting: z.array(z.string()),
      })
      .optional(),
    failures: [...commandFailures, 'invalid-request', 'last-administrator', 'outside-scope', 'own-account'],
  },
  'GET /users/:id/sessions': {
    right: 'users.edit',
    summary: "A person's open sessions.",
    params: z.object({ id: z.string().max(64) }),
    answer: z.object({
      sessions: z.array(
        z.object({
          id: z.string(),
          createdAt: z.iso.datetime(),
          lastUsedAt: z.iso.datetime(),
          from: z.string(),
          device: z.string(),
        }),
      ),
    }),
    failures: [],
  },
  'DELETE /users/:id/sessions/:sessionId': {
    right: 'users.edit',
    summary: 'Ends a session at once.',
    params: z.object({ id: z.string().max(64), sessionId: z.string().max(64) }),
    answer: nothing,
    failures: commandFailures,
  },
  'POST /session': {
    right: 'public',
    summary: 'Signs in. Answers 401 with `details.need = "totp"` when a code of the authenticator is needed.',
    body: SignIn,
    answer: SignedIn,
    failures: ['not-allowed', 'not-signed-in'],
  },
  'POST /session/refresh': {
    right: 'public',
    summary: 'A new access token for the refresh cookie; the cookie is replaced.',
    answer: SignedIn,
    failures: ['not-allowed', 'not-signed-in'],
  },
  'DELETE /session': {
    right: 'self.use',
    summary: 'Signs out.',
    answer: nothing,
    failures: commandFailures,
  },
  'GET /session/profile': {
    right: 'self.use',
    summary: 'The caller’s own account with its rights.',
    answer: Profile,
    failures: ['not-found'],
  },
  'POST /session/password': {
    right: 'self.use',
    summary:
      'Changes the password of the person who asks. Needs the current one and, if an authenticator is set up, a code from it (`details.need = "totp"` asks for it).',
    body: z.object({ current: z.string().max(256), next: z.string().max(256), code: z.string().max(32).optional() }),
    answer: nothing,
    failures: [...commandFailures, 'invalid-request', 'not-allowed', 'too-many-requests'],
  },
  'POST /session/totp': {
    right: 'self.use',
    summary: 'Begins to set up an authenticator; the answer holds the otpauth URI.',
    answer: z.object({
      uri: z.string(),
    }),
    failures: ['not-found', 'wrong-state'],
  },
  'POST /session/totp/confirm': {
    right: 'self.use',
    summary: 'Confirms the authenticator by its first code; the answer holds the recovery codes.',
    body: z.object({ code: z.string().max(16) }),
    answer: z.object({
      recoveryCodes: z.array(z.string()),
    }),
    failures: ['invalid-request', 'not-found', 'too-many-requests'],
  },
  'POST /session/totp/remove': {
    right: 'self.use',
    summary:
      'Removes the authenticator of the person who asks, for a new phone. Needs the password and a code of the authenticator or a recovery code.',
    body: z.object({ password: z.string().max(256), code: z.string().max(32).optional() }),
    answer: nothing,
    failures: [...commandFailures, 'not-allowed', 'too-many-requests'],
  },
  'POST /session/notices/seen': {
    right: 'self.use',
    summary: 'The person has seen what others did with their account.',
    answer: nothing,
    failures: [],
  },
  'GET /session/list': {
    right: 'self.use',
    summary: 'The caller’s own open sessions.',
    answer: z.object({
      sessions: z.array(
        z.object({
          current: z.boolean(),
          id: z.string(),
          createdAt: z.iso.datetime(),
          lastUsedAt: z.iso.datetime(),
          from: z.string(),
          device: z.string(),
        }),
      ),
    }),
    failures: [],
  },
  'DELETE /session/list/:sessionId': {
    right: 'self.use',
    summary: 'Ends one of the caller’s sessions, on any computer.',
    params: z.object({ sessionId: z.string().max(64) }),
    answer: nothing,
    failures: commandFailures,
  },
  'POST /seat/credential': {
    right: 'seat.use',
    summary: "The SIP credential of this sign-in's seat, and the address of one connection: its ticket works once, within 20 s.",
    answer: SeatCredential,
    failures: [],
  },
  'GET /security/policy': {
    right: 'security.edit',
    summary: 'The networks from which each role may sign in, the ids of the keys that verify access tokens, and the caller’s address.',
    answer: z.object({
      policy: AccessPolicy,
      tokenKeys: z.array(z.string()),
      yourAddress: z.string(),
    }),
    failures: [],
  },
  'PUT /security/policy': {
    right: 'security.edit',
    summary: 'Sets the networks of the roles; refused when it would lock out the person who sets it. In force at the next refresh.',
    body: AccessPolicy,
    answer: nothing,
    failures: ['invalid-request', 'not-found'],
  },
  'GET /account-changes': {
    right: 'users.edit',
    summary: 'Changes of accounts that wait for a second administrator, and those that were decided, newest first.',
    answer: z.object({
      changes: z.array(
        z.object({
          password: z.boolean(),
          state: ChangeState,
          id: z.string(),
          kind: z.enum(['roles', 'reset', 'confirm', 'grants']),
          userId: UserId,
          userName: z.string(),
          /** Only with `roles`: every role that the person would hold. */
          roles: z.array(z.enum(roles)).optional(),
          /** Only with `grants`: the rights that are added to the person's. */
          grants: z.array(z.enum(personalRights)).optional(),
          resetTotp: z.boolean().optional(),
          askedBy: z.string(),
          askedByName: z.string(),
          askedAt: z.iso.datetime(),
          /** Set when nobody else could approve it: at this time it takes effect by itself, unless it is refused before. */
          dueAt: z.iso.datetime().optional(),
          decision: z
            .object({
              approved: z.boolean(),
              by: z.string(),
              byName: z.string(),
              at: z.iso.datetime(),
            })
            .optional(),
          mayApprove: z.boolean(),
          mayRefuse: z.boolean(),
        }),
      ),
    }),
    failures: [],
  },
  'POST /account-changes/:id/decide': {
    right: 'users.edit',
    summary:
      'Approves or refuses a change of an account that another administrator requested; anybody may refuse it, including the requester.',
    params: z.object({ id: z.string().max(64) }),
    body: z.object({ approve: z.boolean() }),
    answer: nothing,
    failures: [...commandFailures, 'last-administrator', 'not-settled', 'second-person-needed'],
  },
  'POST /session/account-changes/refuse': {
    right: 'self.use',
    summary: 'Refuses the changes of their own account that wait.',
    answer: z.object({
      refused: z.number(),
    }),
    failures: [],
  },
  'GET /session/ways': {
    right: 'public',
    summary: 'How people may sign in here: whether the site has a single sign-on.',
    answer: z.object({
      singleSignOn: z.boolean(),
    }),
    failures: [],
  },
  'GET /session/single-sign-on': {
    right: 'public',
    summary: "Sends the browser to the site's identity provider.",
    answer: redirect,
    failures: ['service-unavailable'],
  },
  'GET /session/single-sign-on/return': {
    right: 'public',
    summary: 'Where the identity provider sends the browser back to; redirects to the pages, signed in or with the reason for the failure.',
    answer: redirect,
    failures: ['not-allowed', 'not-signed-in', 'service-unavailable'],
  },
} satisfies Endpoints;
export type IdentityApi = typeof identityApi;

import type { Connection } from 'mongoose';
import type { Role, Scope } from '../../../services/shared/domain/people/rights.js';
import { asked } from '../asked.js';
import { callRow } from './call-row.js';
import { newPerson } from './people.js';
import type { WalkedRoute } from '../hostile/route-walk.js';
import type { ForeignObjects, Walker } from '../hostile/scope-walk.js';
import type { Stack } from '../stack.js';

// Two clients in one centre, each with a number, a queue and a call that is over.

/** Stands in whatever belongs to a client, so that it is found wherever it comes out. */
export const MARKS = { ours: 'oursmark', theirs: 'theirsmark' } as const;
export type Client = keyof typeof MARKS;
export const clientNumber = (client: Client): string => (client === 'ours' ? '4007001' : '4007002');

/** The scopes that may keep a person to their own client. */
export const ownScopes = {
  unit: { clientUnits: [`unit-${MARKS.ours}`] },
  site: { sites: [`site-${MARKS.ours}`] },
  queue: { queues: [`queue-${MARKS.ours}`] },
  team: { teams: [`team-${MARKS.ours}`] },
} as const satisfies Readonly<Record<string, Partial<Scope>>>;
const elsewhere: Scope = { clientUnits: [`unit-${MARKS.theirs}`], queues: [`queue-${MARKS.theirs}`], sites: [`site-${MARKS.theirs}`] };

const DAY_MS = 86_400_000;
export const day = (offset: number): string => new Date(Date.now() + offset * DAY_MS).toISOString();

/** The flow with its queue steps leading into another queue. */
const flowInto = (flow: unknown, queueId: string): unknown =>
  JSON.parse(JSON.stringify(flow), (key, value: unknown) => (key === 'queueId' ? queueId : value));

export async function layOutTwoClients(stack: Stack, mongo: Connection, admin: string): Promise<void> {
  const { numbers } = await asked<{ numbers: { flow: object }[] }>(stack, admin, 'GET', '/api/numbers');
  for (const client of ['ours', 'theirs'] as const) {
    const queueId = `queue-${MARKS[client]}`;
    await asked(stack, admin, 'PUT', `/api/queues/${queueId}`, { name: { 'zh-CN': queueId, en: queueId } });
    await asked(stack, admin, 'PUT', `/api/numbers/${clientNumber(client)}`, {
      name: `name-${MARKS[client]}`,
      status: 'draft',
      language: 'zh-CN',
      clientUnit: `unit-${MARKS[client]}`,
      site: `site-${MARKS[client]}`,
      flow: flowInto(numbers[0]?.flow, queueId),
    });
    const row = callRow(`call-of-${MARKS[client]}`, {
      called: clientNumber(client),
      queueId,
      agentIds: [`agent-${MARKS[client]}`],
    });
    await mongo.collection<{ _id: string }>('calls').insertOne(row);
  }
}

/** One object of each kind that belongs to the other client; `theirs` is the sign-in of its supervisor. */
export async function layOutForeign(
  stack: Stack,
  admin: string,
  whole: string,
): Promise<{ readonly foreign: ForeignObjects & Readonly<Record<'export', string>>; readonly theirs: string }> {
  const boss = await newPerson(stack, admin, { name: 'boss-elsewhere', roles: ['supervisor'], scope: elsewhere });
  const unit = `unit-${MARKS.theirs}`;
  const complaint = await asked<{ id: string }>(stack, whole, 'POST', '/api/complaints', {
    kind: 'other',
    text: 'of theirs',
    number: '13900000002',
    clientUnit: unit,
  });
  const wish = { kind: 'calls', query: { from: day(-1), to: day(1) }, reason: `of ${MARKS.theirs}` };
  const exported = await asked<{ id: string }>(stack, boss.token, 'POST', '/api/exports', wish);
  const customer = await asked<{ id: string }>(stack, whole, 'POST', '/api/customers', { name: 'of theirs', clientUnit: unit });
  const foreign = {
    call: `call-of-${MARKS.theirs}`,
    complaint: complaint.id,
    customer: customer.id,
    agent: `agent-${MARKS.theirs}`,
    queue: `queue-${MARKS.theirs}`,
    number: clientNumber('theirs'),
    'client-unit': unit,
    person: boss.userId,
    export: exported.id,
  };
  return { foreign, theirs: boss.token };
}

const allRoles: readonly Role[] = ['agent', 'supervisor', 'compliance', 'auditor', 'security-admin', 'admin', 'inspector'];

/** One person of each role without a scope, and one for each scope that keeps them to their own client. */
export async function peopleOfEveryKind(stack: Stack, admin: string, roles: readonly Role[] = allRoles): Promise<readonly Walker[]> {
  const walkers: Walker[] = [];
  for (const [by, scope] of Object.entries({ whole: {}, ...ownScopes }))
    for (const role of roles) {
      const expiresAt = role === 'inspector' ? { expiresAt: day(1) } : {};
      const { token } = await newPerson(stack, admin, { name: `${role}-${by}`, roles: [role], scope, ...expiresAt });
      walkers.push({ name: `${role} with a scope by ${by}`, role, by, token, scoped: by !== 'whole' });
    }
  return walkers;
}

export const routesOf = async (stack: Stack, admin: string): Promise<readonly WalkedRoute[]> =>
  (await asked<{ routes: WalkedRoute[] }>(stack, admin, 'GET', '/api/system/routes?schemas=yes')).routes;

/** A team of each client with a person in it and a call that this person took today. */
export async function layOutTwoTeams(stack: Stack, mongo: Connection, admin: string): Promise<Readonly<Record<Client, string>>> {
  const ids = { ours: '', theirs: '' };
  for (const client of ['ours', 'theirs'] as const) {
    const seat = `seat-${MARKS[client]}`;
    const account = { name: seat, displayName: seat, password: 'Given-by-the-office-1', roles: ['agent'] };
    const { id } = await asked<{ id: string }>(stack, admin, 'POST', '/api/users', account);
    await asked(stack, admin, 'PUT', `/api/teams/team-${MARKS[client]}`, { name: { 'zh-CN': `team-${MARKS[client]}` } });
    await asked(stack, admin, 'PUT', `/api/teams/team-${MARKS[client]}/members`, { userIds: [id] });
    const at = new Date();
    const row = callRow(`teamcall${MARKS[client]}`, {
      ...{ called: clientNumber(client), queueId: `queue-${MARKS[client]}`, agentIds: [id] },
      ...{ invitedAt: at, answeredAt: at, endedAt: at },
    });
    await mongo.collection<{ _id: string }>('calls').insertOne(row);
    ids[client] = id;
  }
  return ids;
}

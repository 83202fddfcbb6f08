import { expect, test } from '@jest/globals';
import type { CampaignState } from '../shared/domain/calls/campaign.js';
import { createCampaignRoutes, type CampaignsHttp } from './http.js';

const row = { line: 2, numberMasked: '138****0001', contact: { number: '13800000001', name: '', note: '' } };

/** Imports a list of one row while the campaign goes through these states; returns what the rows were asked. */
async function imported(...states: readonly CampaignState[]) {
  const asked: string[] = [];
  const left = [...states];
  const routes = createCampaignRoutes({
    service: { one: async () => ({ id: 'k', state: left.shift(), script: 'Until {due}, {order}' }) },
    rows: {
      known: async () => new Set(),
      addMany: async () => void asked.push('added'),
      erase: async () => void asked.push('erased'),
    },
    callingOut: { standing: async () => new Map() },
    readRowFile: async () => ({ rows: [row], refused: [], missing: [], columns: ['number'], fields: ['due'], unread: [], sha256: 'f00' }),
    hashNumber: () => 'hash',
    audit: async () => undefined,
    now: () => new Date(),
    newId: () => 'i',
  } as unknown as CampaignsHttp);
  const route = routes.find(({ path }) => path === '/campaigns/:id/import');
  const outcome = await Promise.resolve(
    route?.handle({
      ...{ principal: { userId: 'boss', name: 'Boss' }, params: { id: 'k' }, query: { fileName: 'list.csv', commit: 'yes' } },
      ...{ from: '127.0.0.1', upload: { bytes: async () => Buffer.from('') } },
    } as never),
  ).catch((error: unknown) => error);
  return { asked, outcome };
}

test('a list that is taken over while somebody ends the campaign is refused, and nothing of it stays', async () => {
  expect(await imported('draft', 'draft')).toMatchObject({
    asked: ['added'],
    outcome: { committed: true, fields: ['due'], unfilled: ['order'] },
  });
  expect(await imported('running', 'stopped')).toMatchObject({ asked: ['added', 'erased'], outcome: { code: 'wrong-state' } });
  expect(await imported('finished')).toMatchObject({ asked: [], outcome: { code: 'wrong-state' } });
});

test('another call is promised for the next 31 days, and by a campaign that goes on', async () => {
  const now = new Date('2026-11-28T06:00:00Z');
  const promised = (days: number, state: CampaignState): Promise<unknown> => {
    const routes = createCampaignRoutes({
      rows: { ofCall: async () => ({ id: 'r', campaignId: 'k' }), again: async () => true },
      campaigns: { one: async () => ({ id: 'k', state }) },
      now: () => now,
    } as unknown as CampaignsHttp);
    const at = new Date(now.getTime() + days * 24 * 3_600_000);
    const asked = { principal: { userId: 'anna' }, params: { callId: 'c' }, body: { at } };
    return Promise.resolve(routes.find(({ path }) => path === '/campaign-offer/:callId/again')?.handle(asked as never));
  };
  expect(await promised(31, 'paused')).toBeUndefined();
  await expect(promised(32, 'running')).rejects.toMatchObject({ code: 'invalid-request' });
  await expect(promised(-1, 'running')).rejects.toMatchObject({ code: 'invalid-request' });
  await expect(promised(1, 'stopped')).rejects.toMatchObject({ code: 'not-found' });
});

test('a row is found by the whole number of the person; a text that is no number finds nobody', async () => {
  const asked: unknown[] = [];
  const routes = createCampaignRoutes({
    rows: { list: async (query: unknown) => (asked.push(query), { rows: [], total: 0 }) },
    hashNumber: (number: string) => (number === '138 0000 0001' ? 'hash of 1' : undefined),
  } as unknown as CampaignsHttp);
  const ofRows = routes.find(({ path }) => path === '/campaigns/:id/rows');
  // Who tries numbers in turn finds out which one a masked number is: each counts as a look at a whole number.
  expect(ofRows?.looksUp?.({ query: { number: '138 0000 0001' }, body: undefined })).toBe('138 0000 0001');
  const find = (query: object): unknown => ofRows?.handle({ params: { id: 'k' }, query: { skip: 0, limit: 50, ...query } } as never);
  await find({});
  await find({ number: '138 0000 0001', state: 'done' });
  await find({ number: 'Ms Wang' });
  const page = { campaignId: 'k', skip: 0, limit: 50 };
  expect(asked).toEqual([page, { ...page, state: 'done', numberHash: 'hash of 1' }, { ...page, numberHash: '' }]);
});

test('a row names the call that is up or the last one, never the id under which an agent only reads it', async () => {
  const attempts = [{ callId: 'first' }, { callId: 'last' }];
  const stored = [
    { id: 'a', state: 'presented', callId: 'reserved' },
    { id: 'b', state: 'presented', callId: 'reserved', attempts },
    { id: 'c', state: 'dialling', callId: 'up', attempts },
    { id: 'd', state: 'done', callId: 'reserved', attempts, outcome: 'skipped' },
  ];
  const routes = createCampaignRoutes({ rows: { list: async () => ({ rows: stored, total: 4 }) } } as unknown as CampaignsHttp);
  const answer = await Promise.resolve(
    routes.find(({ path }) => path === '/campaigns/:id/rows')?.handle({ params: { id: 'k' }, query: { skip: 0, limit: 50 } } as never),
  );
  expect((answer as { rows: { callId?: string }[] }).rows.map(({ callId }) => callId)).toEqual([undefined, 'last', 'up', 'last']);
});

test('in wrap-up the agent still has the card of that call, with what was promised; nobody else has it', async () => {
  const contact = { number: '13800000001', name: '', note: '' };
  const ended = { id: 'r', campaignId: 'k', callId: 'c', agentId: 'anna', contact, tries: 1, numberMasked: '138****0001' };
  const at = new Date('2026-11-29T06:00:00Z');
  const minutesAgo = (minutes: number): Date => new Date(at.getTime() - minutes * 60_000);
  const offered = async (row: object, { by = 'anna', wrapUpOf = 'c', state = 'running', inHand = {} } = {}) => {
    const routes = createCampaignRoutes({
      rows: {
        inHandOf: async () => ('id' in inHand ? { ...ended, ...inHand } : undefined),
        ofCall: async (callId: string) => (callId === 'c' ? { ...ended, notBefore: at, triedAt: minutesAgo(1), ...row } : undefined),
      },
      campaigns: { one: async () => ({ id: 'k', name: 'Dues', state }) },
      now: () => at,
    } as unknown as CampaignsHttp);
    const asked = { principal: { userId: by }, query: { wrapUpOf } } as never;
    const answer = await Promise.resolve(routes.find(({ path }) => path === '/campaign-offer')?.handle(asked));
    return (answer as { offer: { rowId: string; callId: string; againAt?: Date } | null }).offer;
  };
  const reached = { state: 'done', outcome: 'reached' };
  expect(await offered(reached)).toMatchObject({ rowId: 'r', callId: 'c' });
  const promised = { state: 'waiting', outcome: 'reached', wantedAgentId: 'anna' };
  expect(await offered(promised)).toMatchObject({ callId: 'c', againAt: at });
  expect(await offered(reached, { inHand: { id: 'next', state: 'presented', callId: 'n' } })).toMatchObject({ rowId: 'next' });
  expect(await offered(reached, { by: 'ben' })).toBeNull();
  expect(await offered(reached, { state: 'stopped' })).toBeNull();
  expect(await offered(reached, { wrapUpOf: 'another' })).toBeNull();
  expect(await offered({ ...promised, wantedAgentId: 'ben' })).toBeNull();
  // Nobody goes through the names of earlier days by the ids of calls.
  expect(await offered({ ...reached, triedAt: minutesAgo(61) })).toBeNull();
  expect(await offered({ state: 'done', outcome: 'refused' })).toBeNull();
  expect(await offered({ state: 'waiting', outcome: 'no-answer' })).toBeNull();
});

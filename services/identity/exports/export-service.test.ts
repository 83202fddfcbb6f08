import { beforeEach, expect, test } from '@jest/globals';
import type { Principal, Role } from '../../shared/domain/people/rights.js';
import type { ExportKind, ExportRun } from '../../shared/platform/reach/export-kind.js';
import type { AuditEntry } from '../../shared/platform/http/route.js';
import type { ExportRequest } from './export.js';
import { createExportService, type ExportService } from './export-service.js';

const DAY_MS = 86_400_000;
const scope = { queues: [], sites: [], clientUnits: [] };
const person = (userId: string, ...roles: Role[]): Principal => ({ userId, name: userId, sessionId: 's', roles, scope });
const [ann, bob, eve] = [person('ann', 'compliance'), person('bob', 'supervisor'), person('eve', 'agent')] as const;
const query = { from: new Date(0), to: new Date(DAY_MS) };
const response = {} as ExportRun['response'];

let clock: Date;
let trail: AuditEntry[];
let sent: string[];
let rows: number;
let unsettled: Set<string>;
let service: ExportService;

beforeEach(() => {
  clock = new Date('2026-11-25T00:00:00Z');
  trail = [];
  sent = [];
  rows = 3;
  unsettled = new Set();
  const kept = new Map<string, ExportRequest>();
  const kind: ExportKind = {
    name: 'recordings',
    title: { zh: '录音', en: 'Recordings' },
    right: 'recordings.download',
    maxRows: 10,
    count: async () => rows,
    send: async (_query, { exportId }) => void sent.push(exportId),
  };
  service = createExportService({
    kinds: [kind],
    audit: async (entry) => void trail.push(entry),
    scopeOf: async (principal) => principal.scope,
    settled: async (userId) => !unsettled.has(userId),
    newId: () => `e${kept.size + 1}`,
    now: () => clock,
    store: {
      add: async (request) => void kept.set(request.id, request),
      byId: async (id) => kept.get(id),
      newest: async () => [...kept.values()],
      decide: async (id, decision) => {
        const found = kept.get(id)!;
        if (found.decision !== undefined) return false;
        kept.set(id, { ...found, decision });
        return true;
      },
      countRun: async (id, at, most) => {
        const found = kept.get(id)!;
        if (found.runs >= most) return false;
        kept.set(id, { ...found, runs: found.runs + 1, lastRunAt: at });
        return true;
      },
    },
  });
});
const ask = (by: Principal = ann) => service.ask(by, 'recordings', query, 'a court asked', '127.0.0.1');
const take = (by: Principal = ann) => service.take(by, 'e1', '127.0.0.1', response);
const approve = (by: Principal = bob) => service.decide(by, 'e1', true, undefined, '127.0.0.1');

test('one asks, another approves, the first takes the file; each step stands in the trail', async () => {
  await ask();
  await approve();
  await take();
  expect(sent).toEqual(['e1']);
  expect(trail.map(({ what, who, success }) => `${who} ${what} ${success}`)).toEqual([
    'ann export.asked true',
    'bob export.approved true',
    'ann export.taken true',
  ]);
});

test.each<[string, () => Promise<unknown>, string]>([
  ['nobody approves the own request', () => approve(ann), 'second-person-needed'],
  ['nothing is taken before the approval', () => take(), 'not-allowed'],
  ['nobody asks for what the role does not hold', () => ask(eve), 'not-allowed'],
  ['nothing unknown is approved', () => service.decide(bob, 'nothing', true, undefined, 'a'), 'not-found'],
])('%s', async (_name, act, code) => {
  await ask();
  await expect(act()).rejects.toMatchObject({ code });
  expect(sent).toEqual([]);
});

test('only the person who asked takes it, only within a day, and a decision stands', async () => {
  await ask();
  await approve();
  await expect(approve(person('dan', 'supervisor'))).rejects.toMatchObject({ code: 'wrong-state' });
  await expect(take(person('dan', 'compliance'))).rejects.toMatchObject({ code: 'not-allowed' });
  clock = new Date(clock.getTime() + DAY_MS + 1);
  await expect(take()).rejects.toMatchObject({ code: 'not-allowed' });
  expect(sent).toEqual([]);
});

test('what was refused stays refused, and a wish of more than a week ago is over', async () => {
  await ask();
  await service.decide(bob, 'e1', false, 'not needed', 'a');
  await expect(take()).rejects.toMatchObject({ code: 'not-allowed' });
  await ask();
  clock = new Date(clock.getTime() + 8 * DAY_MS);
  await expect(service.decide(bob, 'e2', true, undefined, 'a')).rejects.toMatchObject({ code: 'wrong-state' });
});

test('more rows than an export holds are refused when it is asked for', async () => {
  rows = 11;
  await expect(ask()).rejects.toMatchObject({ code: 'too-large' });
});

test('somebody whose account is not settled approves nothing, and may refuse', async () => {
  await ask();
  unsettled.add('bob');
  await expect(approve()).rejects.toMatchObject({ code: 'not-settled' });
  expect(trail.at(-1)).toMatchObject({ what: 'export.approved', success: false });
  await service.decide(bob, 'e1', false, undefined, 'a');
});

test('the file of one approval is taken three times at most, also by many at once', async () => {
  await ask();
  await approve();
  const taken = await Promise.allSettled(Array.from({ length: 6 }, () => take()));
  expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  expect(sent).toHaveLength(3);
  expect(trail.filter(({ what }) => what === 'export.taken').map(({ success }) => success)).toEqual(
    expect.arrayContaining([true, true, true, false, false, false]),
  );
});

test('an approver sees and reaches the requests of the own scope alone', async () => {
  await ask();
  const part = { ...person('cat', 'supervisor'), scope: { ...scope, clientUnits: ['C1'] } };
  expect([await service.reaches(part, 'e1'), await service.list(part)]).toEqual([false, []]);
  await service.ask({ ...ann, scope: { ...scope, clientUnits: ['C1'] } }, 'recordings', query, 'of C1 alone', 'a');
  expect([await service.reaches(part, 'e2'), (await service.list(part)).map(({ id }) => id)]).toEqual([true, ['e2']]);
  expect(await service.reaches(bob, 'e1')).toBe(true);
});

test('a right that was lost meanwhile opens nothing', async () => {
  await ask();
  await approve();
  await expect(take(person('ann', 'supervisor'))).rejects.toMatchObject({ code: 'not-allowed' });
});

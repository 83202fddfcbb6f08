import { afterEach, beforeEach, expect, test } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import pino from 'pino';
import { createMongoSavedReports } from '../../../services/figures/adapters/mongo-saved-reports.js';
import { createMongoVisits, VISITS } from '../../../services/figures/adapters/mongo-visits.js';
import { createReportForms } from '../../../services/figures/adapters/report-forms.js';
import { createSiteDays } from '../../../services/figures/adapters/site-days.js';
import { createSlots } from '../../../services/figures/adapters/slots.js';
import { createReportFiles } from '../../../services/figures/files/report-file.js';
import { createReportReader } from '../../../services/figures/report-reader.js';
import { createReportMailer, type ReportMailerNeeds } from '../../../services/figures/saved/report-mailer.js';
import type { MailSchedule, SavedReport } from '../../../services/figures/saved/saved-report.js';
import { createAllReads } from '../../../services/main/reads.js';
import { createMongoOutbox } from '../../../services/messages/adapters/mongo-outbox.js';
import { createSmtpProvider } from '../../../services/messages/adapters/smtp-provider.js';
import { createSender } from '../../../services/messages/outbox.js';
import { createReach } from '../../../services/shared/platform/reach/reach.js';
import { createSecretCipher } from '../../../services/shared/platform/stores/secret-cipher.js';
import { MessageServers } from '../../support/servers/message-servers.js';
import { temporaryStore } from '../documents/documents-support.js';

const ZONE = 'Asia/Shanghai';
/** A Friday, 08:30 at the site. */
const FRIDAY_MS = Date.parse('2026-11-27T00:30:00Z');
const DAY_MS = 86_400_000;
const log = pino({ level: 'silent' });

let store: Awaited<ReturnType<typeof temporaryStore>>;
let mongo: Connection;
let servers: MessageServers;
let nowMs: number;
let alarms: number[];
let alarmed: string[][];
const now = (): Date => new Date(nowMs);

const account = (_id: string, roles: readonly string[], queues: readonly string[] = [], disabled = false) => ({
  ...{ _id, name: _id, displayName: _id, roles, disabled },
  scope: { queues, sites: [], clientUnits: [] },
});
const visit = (callId: string, queueId: string) => ({
  ...{ _id: `${callId}-1`, callId, queueId, enteredAt: new Date(FRIDAY_MS - DAY_MS), leftAt: new Date(FRIDAY_MS - DAY_MS), waitMs: 0 },
  ...{ outcome: 'abandoned', offers: 0, thresholdMs: 20_000, returned: false, direction: 'inbound', class: 'service' },
  ...{ trunkId: 't1', called: '4001000', priority: 0, skills: {}, notedAt: new Date(FRIDAY_MS - DAY_MS) },
});
const report = (schedule: Partial<MailSchedule> = {}, more: Partial<SavedReport> = {}): SavedReport => ({
  ...{ id: 'r1', ownerId: 'chief', name: '队列日报', period: 'yesterday', interval: 'whole', by: 'queue', figures: ['entered'] },
  isShared: false,
  schedule: {
    ...{ rhythm: 'workday', atMinute: 8 * 60, form: 'csv', language: 'zh-CN', people: ['chief', 'boss', 'left', 'silent', 'agent'] },
    ...schedule,
  },
  ...more,
});

beforeEach(async () => {
  [store, servers] = await Promise.all([temporaryStore(), MessageServers.start()]);
  mongo = await mongoose.createConnection(store.uri).asPromise();
  createMongoVisits(mongo);
  [nowMs, alarms, alarmed] = [FRIDAY_MS, [], []];
  const rows = {
    users: [
      account('chief', ['compliance']),
      account('boss', ['supervisor'], ['service']),
      account('left', ['supervisor'], [], true),
      account('silent', ['supervisor']),
      account('agent', ['agent']),
    ],
    [VISITS]: [visit('a', 'service'), visit('b', 'service'), visit('c', 'sales')],
  };
  for (const [name, each] of Object.entries(rows)) await mongo.collection<{ _id: string }>(name).insertMany(each);
}, 60_000);
afterEach(async () => {
  await mongo.close();
  await Promise.all([store[Symbol.asyncDispose](), servers[Symbol.asyncDispose]()]);
});

function mailer(changes: Partial<ReportMailerNeeds> = {}) {
  const [reads, days] = [createAllReads(mongo), createSiteDays(ZONE)];
  const none = { read: async function* () {}, changedSince: async () => true };
  const readReport = createReportReader({ reads, sums: none, zone: ZONE, slotsOf: createSlots, now });
  const headingOf = async () => ({ company: '示例', licence: 'B2-1' });
  const outbox = createMongoOutbox(mongo, createSecretCipher(['k'.repeat(44)], 'messages'));
  const address: Readonly<Record<string, string>> = {
    chief: 'chief@c.test',
    boss: 'boss@c.test',
    left: 'left@c.test',
    agent: 'agent@c.test',
  };
  const saved = createMongoSavedReports(mongo);
  return {
    saved,
    mails: createReportMailer({
      store: saved,
      reads,
      days,
      now,
      log,
      addressesOf: async (ids) => new Map(ids.flatMap((id) => (address[id] === undefined ? [] : [[id, address[id]] as const]))),
      queue: (mail) => outbox.put(mail, now()),
      reachOf: createReach(async () => []),
      makeFile: createReportFiles({
        readReport,
        withDaily: async (lines) => ({ ...lines, notes: [] }),
        reads,
        days,
        headingOf,
        render: createReportForms(),
        now,
      }),
      workdays: async () => (date) => ![0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay()),
      audit: async () => undefined,
      async alarm(_report, unsent, people) {
        alarms.push(unsent);
        alarmed.push([...people]);
      },
      origin: 'https://centre.test',
      ...changes,
    }),
    /** Sends until the outbox is empty; the server defers each first attempt. */
    async deliver(): Promise<void> {
      const provider = createSmtpProvider({ url: servers.env['SMTP_URL'] ?? '', from: servers.env['SMTP_FROM'] ?? '' });
      const sendDue = createSender({ outbox, providers: { mail: provider }, bus: { publish: async () => undefined } as never, now, log });
      const sentAt = nowMs;
      while ((await sendDue()) > 0) nowMs += 3_600_000;
      nowMs = sentAt;
    },
  };
}

test('each person gets the own part of the centre, and nobody who may not: closed, an agent, without an address', async () => {
  const { saved, mails, deliver } = mailer();
  await saved.add(report());
  await mails.round();
  await deliver();
  const byPerson = new Map(servers.mails.all.map((mail) => [mail.to, mail]));
  expect([...byPerson.keys()].sort()).toEqual(['boss@c.test', 'chief@c.test']);
  expect(byPerson.get('chief@c.test')?.files.map(({ text }) => text.includes('sales,1') && text.includes('service,2'))).toEqual([true]);
  expect(byPerson.get('boss@c.test')?.files.map(({ text }) => [text.includes('sales'), text.includes('service,2')])).toEqual([
    [false, true],
  ]);
  expect(byPerson.get('boss@c.test')?.subject).toBe('运营报表：队列日报（2026-11-26）');
  const kept = await saved.byId('r1');
  expect(kept?.lastMailed).toMatchObject({ date: '2026-11-27', sent: ['chief', 'boss'] });
  expect(kept?.lastMailed?.unsent).toEqual([
    { userId: 'left', reason: 'no-right' },
    { userId: 'silent', reason: 'no-address' },
    { userId: 'agent', reason: 'no-right' },
  ]);
  expect([alarms, alarmed]).toEqual([[3], [['chief']]]);
  // Sent once a day, and not on a day off.
  await mails.round();
  nowMs = FRIDAY_MS + DAY_MS;
  await mails.round();
  await deliver();
  expect([servers.mails.all.length, alarms]).toEqual([2, [3]]);
  // On Monday again.
  nowMs = FRIDAY_MS + 3 * DAY_MS;
  await mails.round();
  await deliver();
  expect(servers.mails.all).toHaveLength(4);
}, 60_000);

test('a link carries no figures; before its time nothing is sent; an owner whose right has ended sends nothing', async () => {
  const { saved, mails, deliver } = mailer();
  await saved.add(report({ form: 'link', people: ['boss'] }));
  await saved.add(report({ people: ['boss'], atMinute: 9 * 60 }, { id: 'later' }));
  await saved.add(report({ people: ['boss'] }, { id: 'orphan', ownerId: 'left' }));
  await mails.round();
  await deliver();
  expect(servers.mails.all.map(({ to, files }) => [to, files.length])).toEqual([['boss@c.test', 0]]);
  expect(servers.mails.all[0]?.text).toContain(
    'https://centre.test/reports?from=2026-11-26&to=2026-11-26&interval=whole&by=queue&figures=entered',
  );
  expect((await saved.byId('later'))?.lastMailed).toBeUndefined();
  expect((await saved.byId('orphan'))?.lastMailed?.unsent).toEqual([{ userId: 'boss', reason: 'no-right' }]);
  expect([alarms, alarmed]).toEqual([[1], [[]]]);
  // Nobody else can change it, so it raises no new alarm on each working day.
  nowMs = FRIDAY_MS + 3 * DAY_MS;
  await mails.round();
  expect((await saved.byId('orphan'))?.lastMailed?.date).toBe('2026-11-30');
  expect(alarms).toEqual([1]);
}, 60_000);

test('a process that dies before it has noted what it sent sends nothing twice; a report that cannot be made is an alarm', async () => {
  const { saved, mails: after, deliver } = mailer();
  const dying = mailer({ store: { ...saved, mailed: () => Promise.reject(new Error('killed')) } });
  await saved.add(report({ people: ['chief', 'boss'] }));
  await expect(dying.mails.round()).rejects.toThrow('killed');
  await after.round();
  await deliver();
  expect(servers.mails.all.map(({ to }) => to).sort()).toEqual(['boss@c.test', 'chief@c.test']);
  await saved.add(report({ people: ['boss'] }, { id: 'broken' }));
  await mailer({ makeFile: () => Promise.reject(new Error('too large')) }).mails.round();
  expect((await saved.byId('broken'))?.lastMailed?.unsent).toEqual([{ userId: 'boss', reason: 'not-made' }]);
  expect(alarms).toEqual([1]);
}, 60_000);

test('the comparison and the moment of a saved report are kept until a change leaves them out', async () => {
  const saved = createMongoSavedReports(mongo);
  const { id, ownerId, lastMailed: _last, ...choices } = report();
  const kept = { compare: 'before', asOf: { daysAgo: 1, atMinute: 540 }, filters: { queue: ['service'] } } as const;
  await saved.add({ ...choices, ...kept, id, ownerId });
  expect(await saved.own(id, ownerId)).toMatchObject(kept);
  expect(await saved.change(id, ownerId, { ...choices, compare: 'weekday' })).toBe(true);
  const changed = await saved.own(id, ownerId);
  expect([changed?.compare, changed?.asOf, changed?.filters]).toEqual(['weekday', undefined, undefined]);
});

import { expect, test } from '@jest/globals';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { createReportMailer, TRIED_AGAIN_MS, type ReportMail, type ReportMailerNeeds } from './report-mailer.js';
import type { LastMailed, SavedReport } from './saved-report.js';

const people = ['ann', 'bert'];
const schedule = { rhythm: 'workday', atMinute: 480, form: 'link', language: 'en', people } as const;
const saved: SavedReport = {
  ...{ id: 'r1', ownerId: 'ann', name: 'Daily', period: 'yesterday', interval: 'whole', by: 'queue', figures: ['entered'] },
  ...{ isShared: false, schedule },
};

/** A mailer of one report; `queue` is given each mail that leaves. */
function mailerOf(
  queue: (mail: ReportMail) => Promise<void>,
  more: Partial<SavedReport> = {},
  makeFile?: ReportMailerNeeds['makeFile'],
  expiresAt?: Date,
) {
  let report: SavedReport = { ...saved, ...more };
  let nowMs = Date.parse('2026-11-27T00:30:00Z');
  const alarms: (readonly string[])[] = [];
  const scope = { queues: [], sites: [], clientUnits: [] };
  const needs = {
    store: {
      scheduled: async () => [report],
      byId: async () => report,
      mailed: async (_id: string, lastMailed: LastMailed) => void (report = { ...report, lastMailed }),
    },
    reads: {
      accounts: {
        find: async () =>
          people.map((_id) => ({
            _id,
            displayName: _id,
            roles: ['supervisor'],
            scope,
            disabled: false,
            ...(_id === 'bert' && { expiresAt }),
          })),
      },
    },
    addressesOf: async () => new Map(people.map((userId) => [userId, `${userId}@c.test`])),
    queue,
    reachOf: async () => ({ queues: [], numbers: undefined }),
    makeFile: makeFile ?? (() => Promise.reject(new Error('a link has no file'))),
    workdays: async () => () => true,
    days: {
      timeText: () => '2026-11-27 08:30',
      momentOf: (date: string, time: string) => Date.parse(`${date}T${time}:00+08:00`),
    },
    audit: async () => undefined,
    alarm: async (_report: unknown, _unsent: number, owners: readonly string[]) => void alarms.push(owners),
    origin: 'https://c.test',
    now: () => new Date(nowMs),
    log: silentLogger,
  };
  const last = () => [report.lastMailed?.sent, report.lastMailed?.unsent];
  const later = (ms: number): void => void (nowMs += ms);
  return { mailer: createReportMailer(needs as unknown as ReportMailerNeeds), last, alarms, later };
}

const refusedBert = [['ann'], [{ userId: 'bert', reason: 'refused' }]];

test('a mail that the server refuses is not shown as sent; heard twice it is the same', async () => {
  const mails: string[] = [];
  const { mailer, last, alarms } = mailerOf(async ({ messageId }) => void mails.push(messageId));
  await mailer.round();
  expect(last()).toEqual([people, []]);
  const [, toBert = ''] = mails;
  await mailer.refused('r1', toBert);
  await mailer.refused('r1', toBert);
  expect(last()).toEqual(refusedBert);
  await mailer.round();
  expect([mails.length, alarms[0]]).toEqual([2, ['ann', 'bert']]);
});

test('nothing is mailed to a person whose account has come to its end', async () => {
  const mails: string[] = [];
  const { mailer, last } = mailerOf(async ({ to }) => void mails.push(to), {}, undefined, new Date('2026-11-27T00:00:00Z'));
  await mailer.round();
  expect([mails, last()]).toEqual([['ann@c.test'], [['ann'], [{ userId: 'bert', reason: 'no-right' }]]]);
});

test('also one that is refused while the report is still being sent', async () => {
  const { mailer, last } = mailerOf(async ({ messageId, to }) => {
    if (to === 'bert@c.test') await mailer.refused('r1', messageId);
  });
  await mailer.round();
  expect(last()).toEqual(refusedBert);
});

test('what could not be made is tried again within the day, for those alone who lack it, and is one alarm', async () => {
  const mails: string[] = [];
  let isBroken = true;
  const { mailer, last, alarms, later } = mailerOf(async ({ to }) => {
    if (isBroken && to === 'bert@c.test') throw new Error('the store is away');
    mails.push(to);
  });
  await mailer.round();
  expect(last()).toEqual([['ann'], [{ userId: 'bert', reason: 'not-made' }]]);
  // It is not tried again in each round.
  await mailer.round();
  later(TRIED_AGAIN_MS - 1);
  await mailer.round();
  later(1);
  await mailer.round();
  expect([mails, alarms.length]).toEqual([['ann@c.test'], 1]);
  isBroken = false;
  later(TRIED_AGAIN_MS);
  await mailer.round();
  expect([mails, last(), alarms.length]).toEqual([['ann@c.test', 'bert@c.test'], [people, []], 1]);
  later(TRIED_AGAIN_MS);
  await mailer.round();
  expect(mails).toHaveLength(2);
});

test('a mailed report keeps its filters, its comparison and the moment of its sums, counted back from its day', async () => {
  const asked: unknown[] = [];
  const mails: ReportMail[] = [];
  const kept: Partial<SavedReport> = {
    filters: { result: ['sold'] },
    compare: 'weekday',
    asOf: { daysAgo: 1, atMinute: 18 * 60 + 5 },
    figures: ['entered', 'answerRate'],
    schedule: { ...schedule, form: 'csv', people: ['ann'] },
  };
  const { mailer } = mailerOf(
    async (mail) => void mails.push(mail),
    kept,
    async (request) => {
      asked.push(request);
      return { bytes: new Uint8Array(1), sha256: 'hash', fileName: 'f', mediaType: 'text/csv', rows: 1 };
    },
  );
  await mailer.round();
  const days = { from: '2026-11-26', to: '2026-11-26' };
  // Answer rate cannot be filtered by result, and the mail says so.
  expect(mails[0]?.text).toContain('Left out, because they cannot be counted with the filters of this report: Answer rate.');
  const expected = { ...days, interval: 'whole', by: 'queue', figures: ['entered'], result: ['sold'], compare: 'weekday' };
  expect(asked).toEqual([{ ...expected, asOf: '2026-11-26T10:05:00.000Z', form: 'csv', language: 'en' }]);
  for (const part of ['compare=weekday', 'asOf=2026-11-26T10%3A05%3A00.000Z', 'result=sold']) expect(mails[0]?.text).toContain(part);
});

test('a report of which no figure fits its filters is mailed to nobody, and is an alarm', async () => {
  const mails: ReportMail[] = [];
  const { mailer, last, alarms } = mailerOf(async (mail) => void mails.push(mail), {
    ...{ filters: { result: ['sold'] }, figures: ['answerRate'] },
  });
  await mailer.round();
  const unsent = people.map((userId) => ({ userId, reason: 'not-made' }));
  expect([mails, last(), alarms]).toEqual([[], [[], unsent], [['ann']]]);
});

test('months of a mailed report are not compared, and the mail says so', async () => {
  const asked: object[] = [];
  const mails: ReportMail[] = [];
  const { mailer } = mailerOf(
    async (mail) => void mails.push(mail),
    { interval: 'month', compare: 'before', schedule: { ...schedule, form: 'csv', people: ['ann'] } },
    async (request) => {
      asked.push(request);
      return { bytes: new Uint8Array(1), sha256: 'hash', fileName: 'f', mediaType: 'text/csv', rows: 1 };
    },
  );
  await mailer.round();
  expect(asked.map((request) => 'compare' in request)).toEqual([false]);
  expect(mails[0]?.text).toContain('no comparison is given');
});

import { expect, test } from '@jest/globals';
import { silentLogger } from '../shared/platform/processes/logger.js';
import type { SealedSheet, Witnessed } from '../shared/domain/licence/witnessed.js';
import { createWitness, newestOutside, type TimeStampAuthority, type WitnessDependencies } from './witness-service.js';

const sheet = (day: string, hash = `hash of ${day}`): SealedSheet => ({
  ...{ day, timeZone: 'Asia/Shanghai', hash, previousHash: 'before', sealedAt: `${day}T17:00:00.000Z` },
  auditHead: { number: 7, hash: 'head' },
});
const gives: TimeStampAuthority = async () => ({
  response: new Uint8Array([1]),
  stamp: { at: new Date('2026-10-02T01:00:00Z'), authority: 'CN=Stamps' },
});
const away: TimeStampAuthority = async () => {
  throw new Error('nobody there');
};

function house(authorities: readonly TimeStampAuthority[], outsiders = 0, sendLine?: WitnessDependencies['sendLine']) {
  const rows = new Map<string, Witnessed>();
  const mails: string[] = [];
  const raised: Record<string, string | undefined> = {};
  const sent = new Set<string>();
  const sheets = [sheet('2026-10-01'), sheet('2026-10-02')];
  const change = (day: string, to: Partial<Witnessed>): void => void rows.set(day, { ...rows.get(day)!, ...to });
  const needs: WitnessDependencies = {
    store: {
      newest: async () => [...rows.values()],
      from: async () => [...rows.values()],
      begin: async (row) => void rows.set(row.day, { ...row, stamps: [], messageIds: [] }),
      addStamp: async (day, stamp) => change(day, { stamps: [...rows.get(day)!.stamps, stamp] }),
      addMessages: async (day, messageIds) => change(day, { messageIds }),
      addReceipt: async (day, receipt) => change(day, { receipt }),
    },
    sheets: async (since) => sheets.filter(({ day }) => day >= since),
    authorities,
    outsiders,
    ...(sendLine === undefined ? {} : { sendLine }),
    mailOutside: async (day, { text }) => {
      mails.push(text);
      return Array.from({ length: outsiders }, (_, i) => `${day} ${i}`);
    },
    sent: async (ids) => new Set(ids.filter((id) => sent.has(id))),
    keyFingerprint: async () => 'fingerprint',
    company: async () => '示例公司',
    alarms: {
      notWitnessed: { is: async (said) => void (raised['late'] = said?.text['en']) },
      rewritten: { is: async (said) => void (raised['rewritten'] = said?.text['en']) },
    },
    log: silentLogger,
  };
  const witness = createWitness(needs);
  const round = (at: string, since = '2026-10-01') => witness.round(since, new Date(at));
  return { rows, mails, raised, sent, sheets, round };
}

test('each sealed day is stamped once by each authority and mailed once; the statement names sheet, audit head and key', async () => {
  const { rows, mails, round } = house([gives, gives], 2);
  await round('2026-10-03T00:00:00Z');
  await round('2026-10-03T00:15:00Z');
  expect(
    [...rows.values()].map(({ day, stamps, messageIds }) => [day, stamps.map(({ authority }) => authority), messageIds.length]),
  ).toEqual([
    ['2026-10-01', [1, 2], 2],
    ['2026-10-02', [1, 2], 2],
  ]);
  expect(mails).toHaveLength(2);
  for (const words of ['sheet: hash of 2026-10-01', 'audit: 7 head', 'key: fingerprint', '示例公司']) expect(mails[0]).toContain(words);
});

test('an authority that is away is asked again, and after a day somebody hears of it', async () => {
  let isThere = false;
  const { rows, raised, round } = house([(body) => (isThere ? gives(body) : away(body))]);
  await round('2026-10-02T17:30:00Z');
  expect(raised['late']).toBe('1 day sheets have no outside witness yet: 2026-10-01');
  isThere = true;
  await round('2026-10-02T17:45:00Z');
  expect([...rows.values()].map(({ stamps }) => stamps.length)).toEqual([1, 1]);
  expect(raised['late']).toBeUndefined();
});

test('a mail counts when the mail server has taken it', async () => {
  const { raised, sent, round } = house([], 1);
  await round('2026-10-04T00:00:00Z');
  expect(raised['late']).toContain('2 day sheets');
  sent.add('2026-10-01 0').add('2026-10-02 0');
  await round('2026-10-04T00:15:00Z');
  expect(raised['late']).toBeUndefined();
});

test('a sheet that is no longer what left the house is an alarm, and what left stays as it was', async () => {
  const { rows, raised, sheets, round } = house([gives]);
  await round('2026-10-03T00:00:00Z');
  sheets[0] = sheet('2026-10-01', 'written anew');
  await round('2026-10-03T00:15:00Z');
  expect(raised['rewritten']).toBe('Day sheets differ from the ones that were witnessed outside: 2026-10-01');
  expect(rows.get('2026-10-01')).toMatchObject({ sheetHash: 'hash of 2026-10-01', stamps: [{ authority: 1 }] });
});

test('the https witness is sent each day once; one that is away is asked again, and after a day somebody hears of it', async () => {
  let isThere = false;
  const lines: string[] = [];
  const { rows, raised, round } = house([], 0, async (statement, sheetHash) => {
    if (!isThere) throw new Error('nobody there');
    lines.push(statement);
    return Buffer.from(JSON.stringify({ sheet: sheetHash }));
  });
  await round('2026-10-02T17:30:00Z');
  expect(raised['late']).toBe('1 day sheets have no outside witness yet: 2026-10-01');
  isThere = true;
  await round('2026-10-02T17:45:00Z');
  await round('2026-10-02T18:00:00Z');
  expect(raised['late']).toBeUndefined();
  expect(lines).toHaveLength(2);
  const [first] = rows.values();
  expect(Buffer.from(first?.receipt?.answerBase64 ?? '', 'base64').toString()).toBe('{"sheet":"hash of 2026-10-01"}');
  expect(await newestOutside([first!], async () => new Set())).toBe('hash of 2026-10-01');
});

test('who does not answer is asked once in a round, by day in turn; mails do not wait, and a day stays owed however old it is', async () => {
  let isThere = false;
  const asked: string[] = [];
  const tells: TimeStampAuthority = async (body) => {
    asked.push(/sheet: hash of (\S+)/.exec(new TextDecoder().decode(body))?.[1] ?? '');
    if (!isThere) throw new Error('nobody there');
    return gives(body);
  };
  const mailsAtAsking: number[] = [];
  const { rows, mails, raised, sheets, round } = house([tells], 1, async () => {
    mailsAtAsking.push(mails.length);
    throw new Error('nobody there');
  });
  sheets.push(sheet('2026-10-03'));
  await round('2026-10-05T00:00:00Z');
  expect(asked).toEqual(['2026-10-01']);
  expect(mailsAtAsking).toEqual([3]);
  await round('2026-10-05T00:15:00Z');
  await round('2026-10-05T00:30:00Z');
  await round('2026-10-05T00:45:00Z');
  expect(asked).toEqual(['2026-10-01', '2026-10-02', '2026-10-03', '2026-10-01']);
  expect(mails).toHaveLength(3);
  isThere = true;
  await round('2026-12-20T00:00:00Z', '2026-10-20');
  expect([...rows.values()].map(({ stamps }) => stamps.length)).toEqual([1, 1, 1]);
  // The https witness is still away.
  expect(raised['late']).toContain('3 day sheets have no outside witness yet');
});

test('a site that names nobody outside sends nothing', async () => {
  const { rows, round } = house([]);
  await round('2026-10-03T00:00:00Z');
  expect(rows.size).toBe(0);
});

test('a sheet is outside when it is stamped or its mail was taken, not when either is owed', async () => {
  const stamp = { authority: 1, name: 'CN=Stamps', at: new Date('2026-10-02T01:00:00Z'), responseBase64: 'AQ==' };
  const row = (day: string, more: Partial<Witnessed>): Witnessed => ({
    ...{ day, sheetHash: `hash of ${day}`, statement: '', stamps: [], messageIds: [] },
    ...more,
  });
  const [third, second, first] = [row('2026-10-03', {}), row('2026-10-02', { messageIds: ['m2'] }), row('2026-10-01', { stamps: [stamp] })];
  const taken =
    (...ids: readonly string[]) =>
    async () =>
      new Set(ids);
  expect(await newestOutside([third, second, first], taken())).toBe('hash of 2026-10-01');
  expect(await newestOutside([third, second, first], taken('m2'))).toBe('hash of 2026-10-02');
  expect(await newestOutside([third, second], taken())).toBeUndefined();
});

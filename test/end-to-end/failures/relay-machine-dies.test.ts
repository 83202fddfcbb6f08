import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { canMoveAddresses, openRelaySite, type RelaySite } from '../../cluster/relay-site.js';
import { relayRound } from '../../cluster/rounds/relay.js';

// The short form of `npm run cluster -- --only T3`. Only root can make machines with addresses of their own.

jest.setTimeout(240_000);

const runs = canMoveAddresses();
let site: RelaySite | undefined;

beforeAll(async () => {
  if (runs) site = await openRelaySite();
});
afterAll(async () => {
  await site?.[Symbol.asyncDispose]();
});

(runs ? test : test.skip)(
  'the machine of a relay dies: its partner has its calls, nobody is hung up, and only the gap is missing',
  async () => {
    if (site === undefined) throw new Error('the site is open');
    const round = await relayRound(site, { talking: 6, withinMs: 3_000 });
    expect(round.broken).toEqual([]);
    expect(round).toMatchObject({ calls: 6, dropped: 0, lostMs: 0, ledgerIsWhole: true, auditIsWhole: true });
  },
);

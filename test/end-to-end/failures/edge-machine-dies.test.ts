import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { openEdgeSite, type EdgeSite } from '../../cluster/edge-site.js';
import { canMoveAddresses } from '../../cluster/relay-site.js';
import { edgeRound } from '../../cluster/rounds/edge.js';

// The short form of `npm run cluster -- --only T9`. Only root can make machines with addresses of their own.

jest.setTimeout(240_000);

const runs = canMoveAddresses();
let site: EdgeSite | undefined;

beforeAll(async () => {
  if (runs) site = await openEdgeSite();
});
afterAll(async () => {
  await site?.[Symbol.asyncDispose]();
});

(runs ? test : test.skip)(
  'the machine of a Kamailio dies: calls come through the other one, and each hang-up reaches the other side',
  async () => {
    if (site === undefined) throw new Error('the site is open');
    const round = await edgeRound(site, { talking: 4, withinMs: 15_000 });
    expect(round.broken).toEqual([]);
    expect(round).toMatchObject({ calls: 4, dropped: 0, lostMs: 0, ledgerIsWhole: true, auditIsWhole: true });
  },
);

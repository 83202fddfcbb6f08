import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { setUpCentre, telephonyRound } from '../../cluster/rounds/telephony.js';
import { openTelephonySite, type TelephonySite } from '../../cluster/telephony-site.js';

// The short form of `npm run cluster -- --only T1`.

jest.setTimeout(240_000);

let site: TelephonySite;

beforeAll(async () => {
  site = await openTelephonySite();
  await setUpCentre(site);
});
afterAll(async () => {
  await (site as TelephonySite | undefined)?.[Symbol.asyncDispose]();
});

test('the machine of telephony dies: the one that stood by has its calls, nobody is hung up, and nothing that was recorded is lost', async () => {
  const round = await telephonyRound(site, { fault: 'SIGKILL', talking: 4, waiting: 2, withinMs: 15_000 });
  expect(round.broken).toEqual([]);
  expect(round).toMatchObject({ calls: 6, dropped: 0, lostMs: 0, ledgerIsWhole: true, auditIsWhole: true });
});

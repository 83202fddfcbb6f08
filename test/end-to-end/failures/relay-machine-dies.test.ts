import { expect, jest } from '@jest/globals';
import { onMachines } from '../../cluster/on-machines.js';
import { openRelaySite } from '../../cluster/relay-site.js';
import { relayRound } from '../../cluster/rounds/relay.js';

// The short form of `npm run cluster -- --only T3`.

jest.setTimeout(240_000);

onMachines('the machine of a relay dies: its partner has its calls, nobody is hung up, and only the gap is missing', async () => {
  await using site = await openRelaySite();
  const round = await relayRound(site, { talking: 6, withinMs: 3_000 });
  expect(round.broken).toEqual([]);
  expect(round).toMatchObject({ calls: 6, dropped: 0, lostMs: 0, ledgerIsWhole: true, auditIsWhole: true });
});

import { expect, jest } from '@jest/globals';
import { openEdgeSite } from '../../cluster/edge-site.js';
import { onMachines } from '../../cluster/on-machines.js';
import { edgeRound } from '../../cluster/rounds/edge.js';

// The short form of `npm run cluster -- --only T9`.

jest.setTimeout(240_000);

onMachines('the machine of a Kamailio dies: calls come through the other one, and each hang-up reaches the other side', async () => {
  await using site = await openEdgeSite();
  const round = await edgeRound(site, { talking: 4, withinMs: 15_000 });
  expect(round.broken).toEqual([]);
  expect(round).toMatchObject({ calls: 4, dropped: 0, lostMs: 0, ledgerIsWhole: true, auditIsWhole: true });
});

import { expect, jest } from '@jest/globals';
import { onMachines } from '../../cluster/on-machines.js';
import { webRound } from '../../cluster/rounds/web.js';
import { openWebSite } from '../../cluster/web-site.js';

// The short form of `npm run cluster -- --only T8`.

jest.setTimeout(240_000);

onMachines('the web origin is killed under agents in conversation: their pages come back to that of another machine', async () => {
  await using site = await openWebSite();
  const round = await webRound(site, { talking: 4, fault: 'processes SIGKILL', slower: 4 });
  expect(round.broken).toEqual([]);
  expect(round).toMatchObject({ calls: 4, dropped: 0, lostMs: 0, ledgerIsWhole: true, auditIsWhole: true });
});

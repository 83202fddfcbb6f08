import { expect, jest } from '@jest/globals';
import { onMachines } from '../../cluster/on-machines.js';
import { openRecorderSite } from '../../cluster/recorder-site.js';
import { recorderRound } from '../../cluster/rounds/recorder.js';

// The short form of `npm run cluster -- --only T5`.

jest.setTimeout(240_000);

onMachines('the machine of the recorder dies with its disk: another one records on, and the capture fills what was missed', async () => {
  await using site = await openRecorderSite();
  const round = await recorderRound(site, { talking: 4 });
  expect(round.broken).toEqual([]);
  expect(round).toMatchObject({ calls: 4, dropped: 0, lostMs: 0, ledgerIsWhole: true, auditIsWhole: true });
});

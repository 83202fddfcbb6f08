import { expect, test } from '@jest/globals';
import { connected, exampleCall, heardLeg } from '../../../test/support/centre/example-call.js';
import { Flow } from '../../shared/contracts/calls/flow.js';
import { numberParty } from '../machine/call.js';
import { liveCallView } from './live-call.js';

const flow = Flow.parse({ start: 'q', steps: { q: { kind: 'queue', queueId: 'service' } } });

test('a third party outside is shown by its masked number', () => {
  const id = numberParty('leg-1');
  const leg = heardLeg('leg-1', { numberMasked: '021****0001', number: '02160000001' });
  const shown = { id, kind: 'number', label: '021****0001', muted: false };
  const { parties } = liveCallView(
    exampleCall(flow, { ...connected, parties: [{ id, role: 'talk' }] }, { dialled: [heardLeg('leg-0'), leg] }),
    undefined,
  );
  expect(parties).toContainEqual(shown);
  expect(JSON.stringify(parties)).not.toContain('02160000001');
});

import { expect, test } from '@jest/globals';
import { Flow } from '../../shared/contracts/calls/flow.js';
import { connected, exampleCall } from '../../../test/support/centre/example-call.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { createMixerRooms, newActual, type RoomNeeds } from './mixer-rooms.js';

const flow = Flow.parse({ start: 'service', steps: { service: { kind: 'queue', queueId: 'service' } } });
const call = exampleCall(flow, connected);
const place = { address: '127.0.0.2', port: 30_000 };

test('a copy that the relay refuses after the mixer has let it in leaves the mixer again', async () => {
  const sent: string[] = [];
  const commands = {
    send: async (name: string, { partyId }: { readonly partyId?: string }) => {
      sent.push(partyId === undefined ? name : `${name} ${partyId}`);
      return place;
    },
  };
  const media = {
    has: () => true,
    innerOf: () => place,
    attach: async () => undefined,
    endCopy: async () => undefined,
    async copy(_legId: string, openFor: (from: typeof place) => Promise<unknown>) {
      await openFor(place);
      throw new CallCentreError('media-relay-unavailable', 'the answer was refused');
    },
  };
  const rooms = createMixerRooms({
    ...{ media, commands },
    later: () => () => undefined,
    term: 't',
    legOfParty: (_call: unknown, party: string) => `leg-${party}`,
    log: silentLogger,
  } as unknown as RoomNeeds);
  const actual = newActual();
  actual.wanted = new Map([['leg-agent:sue', 'room']]);
  await rooms.listen(call.id, actual, () => ({ call, plan: { room: { 'agent:sue': ['caller'] }, copied: ['caller'] } }));
  expect(sent).toContain('mixer.join copy:leg-caller');
  expect(sent.at(-1)).toBe('mixer.leave copy:leg-caller');
  expect(actual.copies.size).toBe(0);
});

import { expect, test } from '@jest/globals';
import { createWorkspaceService, type WorkspaceNeeds } from './workspace-service.js';

const principal = { userId: 'ben', name: 'Ben', sessionId: 's', roles: ['agent'], scope: { queues: [], clientUnits: [], sites: [] } };

/** What Ben reads of a call of this direction that rings at his seat; with `isLive: false`, of its record. */
async function briefingOf(direction: 'inbound' | 'outbound', { isLive = true, campaign = '' } = {}) {
  const facts = { callerHash: 'h', callerMasked: '139****0001', agentIds: ['ben'], called: '+861088880000', direction };
  const none = async (): Promise<never[]> => [];
  const service = createWorkspaceService({
    worksheets: { all: none },
    contacts: { sticky: async () => null, ofCaller: none, of: none },
    records: {
      client: async () => null,
      openComplaints: none,
      complaintsOfCall: none,
      endedCall: async () => ({ callId: 'c', ...facts }),
    },
    commands: { send: async () => (isLive ? facts : Promise.reject(new Error('gone'))) },
    hashesOf: async () => ['h'],
    campaignOf: async () => (campaign === '' ? undefined : campaign),
  } as unknown as WorkspaceNeeds);
  return service.briefing(principal as never, 'c');
}

test('the colleague to whom a call out is transferred reads that it is one, and which number it shows; after a reload too', async () => {
  expect(await briefingOf('outbound')).toMatchObject({ callOut: { from: '+861088880000' } });
  expect(await briefingOf('outbound', { isLive: false })).toMatchObject({ callOut: { from: '+861088880000' } });
  expect(await briefingOf('inbound')).not.toHaveProperty('callOut');
});

test('of a call of a campaign the colleague reads which one it is', async () => {
  expect(await briefingOf('outbound', { campaign: 'Autumn notice' })).toMatchObject({ callOut: { campaign: 'Autumn notice' } });
  expect((await briefingOf('outbound')).callOut).not.toHaveProperty('campaign');
  expect(await briefingOf('inbound', { campaign: 'Autumn notice' })).not.toHaveProperty('callOut');
});

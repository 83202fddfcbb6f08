import { expect, test } from '@jest/globals';
import { Trunk } from '../../shared/contracts/calls/flow.js';
import { describing } from './media-terms.js';
import type { MediaTerms } from '../ports.js';

const trunks = [
  { id: 'plain', name: 'plain', addresses: [] },
  { id: 'encrypts', name: 'encrypts', addresses: [], mediaEncryption: 'required' },
  { id: 'wideband', name: 'wideband', addresses: [], codecs: ['G722', 'PCMA'] },
].map((row) => Trunk.parse(row));

test('each trunk is described as its sheet says, and what the one before was offered leaves nothing behind', async () => {
  const offered: string[] = [];
  const media = {
    offerFor: async (id: string, { encryption, codecs = [] }: MediaTerms) => {
      offered.push([id, encryption, ...codecs].join(' '));
      return `offer ${String(offered.length)}`;
    },
  };
  const directory = { trunk: (trunkId: string) => trunks.find(({ id }) => id === trunkId) };
  const describe = describing({ media, directory }, 'leg', 'plain offer');
  expect(await describe({ trunkId: 'plain' })).toBe('plain offer');
  expect(await describe({ trunkId: 'encrypts' })).toBe('offer 1');
  expect(await describe({ trunkId: 'plain' })).toBe('offer 2');
  expect(await describe({ trunkId: 'wideband' })).toBe('offer 3');
  expect(offered).toEqual(['leg required', 'leg off', 'leg off G722 PCMA']);
});

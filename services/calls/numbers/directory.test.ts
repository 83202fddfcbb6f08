import { expect, test } from '@jest/globals';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { createDirectory } from './directory.js';

test('a listed caller is found by every spelling, and a withheld number never', async () => {
  const directory = createDirectory({
    source: {
      numbers: async () => [],
      trunks: async () => [],
      listedCallers: async () => [
        { number: '13800007777', list: 'black', priority: 10, note: '' },
        { number: '+862160000001', list: 'vip', priority: 20, note: '' },
      ],
    },
    log: silentLogger,
  });
  await directory.read();
  for (const spelling of ['13800007777', '+8613800007777', '8613800007777', '013800007777', '1790913800007777'])
    expect(directory.listed(spelling)?.list).toBe('black');
  for (const spelling of ['02160000001', '2160000001', '008602160000001']) expect(directory.listed(spelling)?.list).toBe('vip');
  expect(directory.listed('anonymous')).toBeUndefined();
});

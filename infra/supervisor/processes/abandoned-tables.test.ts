import { expect, test } from '@jest/globals';
import { abandonedIn, ownerComment } from './abandoned-tables.js';

const table = (name: string, comment?: string, family = 'inet') => ({ table: { family, name, handle: 1, comment } });
const listing = (...tables: readonly unknown[]): string =>
  JSON.stringify({ nftables: [{ metainfo: { version: '1.1.3', json_schema_version: 1 } }, ...tables] });
const here = { namespace: '7', startedTicks: (pid: number) => (pid === 100 ? '5000' : undefined) };

test('a table is abandoned when its supervisor no longer runs, also where its process id belongs to another by now', () => {
  expect(
    abandonedIn(
      listing(
        table('proofline_00000000000a', 'owner 100 5000 7'),
        table('proofline_00000000000b', 'owner 100 4000 7'),
        table('proofline_00000000000c', 'owner 101 5000 7'),
      ),
      here,
    ),
  ).toEqual(['proofline_00000000000b', 'proofline_00000000000c']);
});

test('what is not ours, names no owner, or has one in another process namespace stays', () => {
  const foreign = [
    table('filter', 'owner 101 1 7'),
    table('proofline_00000000000a'),
    table('proofline_00000000000b', 'owner 101 1 8'),
    table('proofline_00000000000c', 'owner 101 1 7', 'ip'),
    { chain: { family: 'inet', name: 'proofline_00000000000d' } },
  ];
  expect(abandonedIn(listing(...foreign), here)).toEqual([]);
  expect(abandonedIn('no JSON', here)).toEqual([]);
  expect(abandonedIn('{}', here)).toEqual([]);
});

test('the table of this process is not abandoned', () => {
  expect(abandonedIn(listing(table('proofline_00000000000a', ownerComment())))).toEqual([]);
});

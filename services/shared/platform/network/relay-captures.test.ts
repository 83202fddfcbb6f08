import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { capturePrefixes, moveCapturesAside } from './relay-captures.js';

test('a capture is moved aside once, under a name by which its call still finds it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'captures-'));
  try {
    writeFileSync(join(folder, 'call1-0123456789abcdef.pcap'), 'first');
    writeFileSync(join(folder, 'note.txt'), '');
    expect(await moveCapturesAside(folder, () => true, 1)).toBe(1);
    writeFileSync(join(folder, 'call1-0123456789abcdef.pcap'), 'second');
    expect(await moveCapturesAside(folder, () => true, 2)).toBe(1);
    const names = readdirSync(folder).sort();
    expect(names).toEqual(['aside-call1-0123456789abcdef-1.pcap', 'aside-call1-0123456789abcdef-2.pcap', 'note.txt']);
    const [, aside] = capturePrefixes('call1');
    expect(names.filter((name) => name.startsWith(aside))).toHaveLength(2);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a folder that is not there yet is made', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'captures-'));
  try {
    expect(await moveCapturesAside(join(folder, 'pcaps'), () => true, 1)).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { readdir, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPcapFolder } from '../../../services/recording/archive/adapters/pcap-folder.js';
import type { Captures } from '../../../services/recording/archive/ports.js';
import { placeCall, removeFolder, startRtpengine, stopProcess, temporaryFolder, type PlainCall } from './recording-support.js';

let folder: string;
let relay: Awaited<ReturnType<typeof startRtpengine>>;
let captures: Captures;

beforeAll(async () => {
  folder = await temporaryFolder();
  relay = await startRtpengine(folder);
});

beforeEach(() => {
  captures = createPcapFolder(folder);
});

afterAll(async () => {
  relay.ng.close();
  await stopProcess(relay.child);
  await removeFolder(folder);
});

const filesLeft = async (): Promise<string[]> =>
  (
    await Promise.all(
      ['pcaps', 'tmp', 'metadata'].map(async (where) => (await readdir(join(folder, where))).map((name) => `${where}/${name}`)),
    )
  )
    .flat()
    .sort();

const place = (id: string): Promise<PlainCall> => placeCall(relay.ng, id, { caller: 440, agent: 1_000 });
const capture = (command: 'start recording' | 'stop recording', id: string): Promise<unknown> => relay.ng.send({ command, 'call-id': id });

test('what the relay left of a call goes by its names, without a look at the folders', async () => {
  const call = await place('plain');
  // Another leg of the same call: its id begins with the call's.
  const leg = await place('plain-leg1');
  await Promise.all([call.hangUp(), leg.hangUp()]);
  expect(await captures.read('plain')).toBeDefined();
  // Only a search of the folder finds this one.
  await writeFile(join(folder, 'metadata', 'rtpengine-meta-plain-unknown.txt'), '');
  await captures.remove('plain');
  expect(await filesLeft()).toEqual(['metadata/rtpengine-meta-plain-unknown.txt']);
  // A process that did not read the capture searches.
  await createPcapFolder(folder).remove('plain');
  expect(await filesLeft()).toEqual([]);
});

test('a call that the relay still has leaves nothing either', async () => {
  const [call, other] = [await place('live'), await place('other')];
  await captures.read('live');
  await captures.remove('live');
  expect((await filesLeft()).filter((file) => file.includes('live'))).toEqual([]);
  await call.hangUp();
  expect((await filesLeft()).filter((file) => file.includes('live'))).toEqual([]);
  expect(await filesLeft()).toHaveLength(2);
  await other.hangUp();
  await captures.remove('other');
  expect(await filesLeft()).toEqual([]);
});

test('a capture that was set aside and begun anew is read whole, and all of it goes', async () => {
  const call = await place('paused');
  const leg = await place('paused-leg1');
  await capture('stop recording', 'paused');
  await captures.setAside('paused');
  // Both were moved in the same moment, and neither took the other’s place.
  expect((await filesLeft()).filter((file) => file.startsWith('pcaps/aside-'))).toHaveLength(2);
  await capture('start recording', 'paused');
  await Promise.all([call.hangUp(), leg.hangUp()]);
  expect(await captures.read('paused')).toBeDefined();
  expect((await filesLeft()).filter((file) => file.startsWith('pcaps/'))).toHaveLength(3);
  await captures.remove('paused');
  expect(await filesLeft()).toEqual([]);
});

test('what belongs to no call goes when it is old, and nothing that a call waits for', async () => {
  const calls = await Promise.all(['waiting', 'nobodys', 'young'].map(place));
  await Promise.all(calls.map((call) => call.hangUp()));
  const old = new Date(Date.now() - 3_600_000);
  for (const file of await filesLeft()) if (!file.includes('young')) await utimes(join(folder, file), old, old);
  expect(await captures.removeOlder(1_800_000, ['waiting'])).toBe(1);
  const left = (await filesLeft()).map((file) => /waiting|nobodys|young/.exec(file)?.[0]);
  expect(new Set(left)).toEqual(new Set(['waiting', 'young']));
  await captures.remove('waiting');
  await captures.remove('young');
  expect(await filesLeft()).toEqual([]);
});

test('a capture that was set aside after it had been read is found under its new name', async () => {
  const call = await place('late-pause');
  await call.hangUp();
  await captures.read('late-pause');
  const [name = ''] = await readdir(join(folder, 'pcaps'));
  await rename(join(folder, 'pcaps', name), join(folder, 'pcaps', `aside-${name}`));
  await captures.remove('late-pause');
  expect(await filesLeft()).toEqual([]);
});

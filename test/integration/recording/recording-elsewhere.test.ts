import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createMongoRecordings } from '../../../services/recording/archive/adapters/mongo-recordings.js';
import { until } from '../../support/until.js';
import { AGENT_HZ, CALLER_HZ, RecorderRig } from './recording-rig.js';
import { heardShare, seconds, soundShare, stopProcess } from './recording-support.js';

// A recorder dies with its disk, and one with a disk of its own takes its calls over: what it needs to know is in the ledger.
let rig: RecorderRig;

beforeAll(async () => {
  rig = await RecorderRig.start(36_000);
});
afterAll(() => rig.stop());

const untilAnswered = (callId: string): Promise<unknown> =>
  until(
    () => rig.row(callId),
    ({ state }) => state === 'answered',
  );

/** The recorder dies, and its spool is gone. */
async function dieWithTheDisk(): Promise<void> {
  await stopProcess(rig.recorder, 'SIGKILL');
  const spool = join(rig.folder, 'spool', 'recordings');
  await (existsSync(kept()) ? rm(spool, { recursive: true }) : rename(spool, kept()));
}
/** The spool of the first that died. */
const kept = (): string => join(rig.folder, 'spool', 'recordings-of-the-dead');

test('a live call goes on at another recorder, what came before is taken from the capture, and a pause stays a pause', async () => {
  const [plain, paused] = [await rig.answer('elsewhere'), await rig.answer('paused-elsewhere')];
  await Promise.all([untilAnswered('elsewhere'), untilAnswered('paused-elsewhere')]);
  await pause(1_000);
  await rig.commands.send('recorder.pause', { callId: 'paused-elsewhere', reason: 'card number' });
  await until(
    () => rig.row('paused-elsewhere'),
    ({ pauses }) => pauses?.length === 1,
  );
  await dieWithTheDisk();
  rig.recorder = await rig.startRecorder();
  expect(await rig.commands.send('recorder.status', {})).toMatchObject({ live: 2, paused: 1 });
  await pause(1_500);
  const { talkMs } = await rig.hangUp(plain);
  await rig.hangUp(paused);
  const { account } = await rig.row('elsewhere');
  expect(account?.ms).toMatchObject({ lost: 0, paused: 0 });
  expect(account?.ms.recorded).toBeGreaterThan(talkMs - 100);
  const { left, right } = await rig.playBack('elsewhere');
  const heardUntil = talkMs / 1_000 - 0.3;
  for (const channel of [left, right]) expect(soundShare(seconds(channel, 0.3, heardUntil))).toBeGreaterThan(0.8);
  expect(heardShare(seconds(left, 0.3, heardUntil), CALLER_HZ)).toBeGreaterThan(0.8);
  expect(heardShare(seconds(right, 0.3, heardUntil), AGENT_HZ)).toBeGreaterThan(0.8);
  const pausedRow = await rig.row('paused-elsewhere');
  expect(pausedRow.account?.ms.lost).toBe(0);
  expect(pausedRow.account?.ms.paused).toBeGreaterThan(1_500);
  const { right: silent } = await rig.playBack('paused-elsewhere');
  expect(soundShare(seconds(silent, 1.5, 2.5))).toBeLessThan(0.05);
}, 60_000);

test('a call that ended while there was no recorder is made from the capture alone', async () => {
  const recorded = await rig.answer('ended-between');
  await untilAnswered('ended-between');
  await pause(1_500);
  await dieWithTheDisk();
  const { talkMs, stored } = await rig.end(recorded);
  rig.recorder = await rig.startRecorder();
  await stored;
  const { account } = await rig.row('ended-between');
  expect(account?.ms.lost).toBe(0);
  expect(account?.ms.recorded).toBeGreaterThan(talkMs - 100);
}, 60_000);

test('a spool that comes back later has nothing to add to a call that is accounted for', async () => {
  const before = await createMongoRecordings(rig.mongo).find('elsewhere');
  await stopProcess(rig.recorder);
  await rm(join(rig.folder, 'spool', 'recordings'), { recursive: true });
  await rename(kept(), join(rig.folder, 'spool', 'recordings'));
  rig.recorder = await rig.startRecorder();
  expect(await rig.commands.send('recorder.status', {})).toMatchObject({ live: 0, waiting: 0 });
  expect(await createMongoRecordings(rig.mongo).find('elsewhere')).toEqual(before);
}, 60_000);

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createS3Archive } from '../../../services/recording/archive/adapters/s3-archive.js';
import { AGENT_HZ, CALLER_HZ, RecorderRig } from './recording-rig.js';
import { heardShare, loudness, seconds, toneShare } from './recording-support.js';

let rig: RecorderRig;

beforeAll(async () => {
  rig = await RecorderRig.start(30_000);
});

afterAll(() => (rig as RecorderRig | undefined)?.stop());

test('a call is stored with the caller left and the agent right, its hash and its length', async () => {
  const recorded = await rig.answer('call-plain');
  await pause(3_000);
  const { talkMs, event } = await rig.hangUp(recorded);
  const { recording, ogg, left, right } = await rig.playBack('call-plain');

  expect(createHash('sha256').update(ogg).digest('hex')).toBe(event.sha256);
  expect(Math.abs(recording.durationMs - talkMs)).toBeLessThanOrEqual(1);
  expect(Math.abs(left.length / 8 - talkMs)).toBeLessThan(500);
  expect(toneShare(seconds(left, 1, 2), CALLER_HZ)).toBeGreaterThan(0.95);
  expect(toneShare(seconds(left, 1, 2), AGENT_HZ)).toBeLessThan(0.01);
  expect(toneShare(seconds(right, 1, 2), AGENT_HZ)).toBeGreaterThan(0.95);
  expect(toneShare(seconds(right, 1, 2), CALLER_HZ)).toBeLessThan(0.01);
  expect(loudness(seconds(left, 1, 2))).toBeGreaterThan(7_000);

  const row = await rig.row('call-plain');
  expect(row).toMatchObject({ number: recorded.ledgerNumber, state: 'accounted', recording: { sha256: event.sha256 } });
  expect(row.account!.ms.lost).toBe(0);
  expect(row.account!.ms.recorded).toBeGreaterThan(talkMs - 100);
  // The sealed object holds no readable sound, and nothing stays behind on the disk of the recorder or the relay.
  const sealed = await createS3Archive(rig.objects, 'recordings', 'us-east-1').get(recording.objectKey, recording.objectVersion);
  expect(Buffer.from(sealed!).includes('OpusHead')).toBe(false);
  while ((await rig.commands.send('recorder.status', {}))['waiting'] !== 0) await pause(50);
  expect(await readdir(join(rig.folder, 'spool', 'recordings', 'calls'))).toEqual([]);
});

test('a pause leaves nothing of the sound and is declared with its reason', async () => {
  const recorded = await rig.answer('call-paused');
  await pause(2_000);
  await rig.commands.send('recorder.pause', { callId: 'call-paused', reason: 'card data' });
  await pause(2_000);
  await rig.commands.send('recorder.resume', { callId: 'call-paused' });
  await pause(2_000);
  await rig.hangUp(recorded);
  const { recording, left, right } = await rig.playBack('call-paused');

  for (const channel of [left, right]) expect(loudness(seconds(channel, 2.3, 3.7))).toBeLessThan(20);
  expect(toneShare(seconds(left, 4.5, 5.5), CALLER_HZ)).toBeGreaterThan(0.95);
  expect(recording.gaps).toEqual([expect.objectContaining({ kind: 'paused', reason: 'card data' })]);
  const [gap] = recording.gaps;
  expect(gap!.toMs - gap!.fromMs).toBeGreaterThan(1_900);
  expect(gap!.toMs - gap!.fromMs).toBeLessThan(2_200);
});

test('a recorder that is killed in a call takes it up again, and the relay’s capture fills what it missed', async () => {
  const recorded = await rig.answer('call-killed');
  await pause(2_500);
  await rig.killRecorder(1_500);
  await pause(2_500);
  const { talkMs } = await rig.hangUp(recorded);
  const { left, right } = await rig.playBack('call-killed');

  expect(Math.abs(left.length / 8 - talkMs)).toBeLessThan(500);
  const until = talkMs / 1_000 - 0.3;
  expect(heardShare(seconds(left, 0.3, until), CALLER_HZ)).toBeGreaterThan(0.9);
  expect(heardShare(seconds(right, 0.3, until), AGENT_HZ)).toBeGreaterThan(0.9);
  const row = await rig.row('call-killed');
  expect(row.account!.ms.lost).toBe(0);
  expect(row.witnesses).toMatchObject({ recorder: { restarts: 1 } });
});

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Flow } from '../../../services/shared/contracts/calls/flow.js';
import { createNgClient, type NgClient } from '../../../services/shared/platform/network/rtpengine-ng.js';
import type { FarPhone } from '../../support/phones/far-phone.js';
import { TelephonyRig } from '../../support/servers/telephony-rig.js';

const OUTSIDE = '02160000001';
const flow = Flow.parse({ noticePromptId: 'beep', start: 'service', steps: { service: { kind: 'queue', queueId: 'service' } } });

let far: FarPhone;
let rig: TelephonyRig;
let relay: NgClient;

beforeAll(async () => {
  far = await TelephonyRig.farPhone();
  rig = await TelephonyRig.start({
    numbers: [{ number: '95100', name: '95100', status: 'in-service', language: 'zh-CN', flowVersion: 1, flow, testCallers: [] }],
    trunk: { outboundUri: far.uri, permittedCallerNumbers: ['95100'] },
  });
  relay = createNgClient(rig.ngUrl);
});
afterAll(async () => {
  relay.close();
  await rig[Symbol.asyncDispose]();
  far.close();
});

type Place = { readonly mediaCallId: string; readonly callerTag: string; readonly farTag: string; readonly ports?: unknown };

/** Where the relay itself says that it receives sound of the two sides; a port for RTCP is beside each. */
async function portsAtRelay({ mediaCallId, callerTag, farTag }: Place): Promise<unknown> {
  const { tags } = (await relay.send({ command: 'query', 'call-id': mediaCallId })) as unknown as {
    tags: Record<string, { medias: { streams: { 'local port': number; 'local address': string; flags: string[] }[] }[] }>;
  };
  const streamOf = (tag: string): { 'local port': number; 'local address': string } | undefined =>
    tags[tag]?.medias.flatMap(({ streams }) => streams).find(({ flags }) => flags.includes('RTP'));
  const [caller, far] = [streamOf(callerTag), streamOf(farTag)];
  return { caller: caller?.['local port'], far: far?.['local port'], farAddress: far?.['local address'] };
}

const placeOf = async (callId: string): Promise<Place> =>
  (await rig.event('call.answered', (event) => event['callId'] === callId))['media'] as Place;

test('of a call that comes in the recorder is told the relay’s ports, and they last through a hold and a transfer', async () => {
  const [one, two] = [await rig.seat('anna'), await rig.seat('bert')];
  const { caller, callId } = await rig.talking('95100', 'anna');
  const place = await placeOf(callId);
  expect(place.ports).toEqual(await portsAtRelay(place));
  expect(rig.recorderStarts.find((start) => start.callId === callId)?.ports).toEqual(place.ports);

  const description = [
    'v=0',
    'o=- 2 2 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    'm=audio 33333 RTP/AVP 8',
    'a=sendonly',
    '',
  ];
  expect((await caller.request('INVITE', description.join('\r\n'))).status).toBe(200);
  expect(await portsAtRelay(place)).toEqual(place.ports);
  await rig.commands.send('call.transfer', { callId, agentId: 'anna', target: { to: 'seat', agentId: 'bert' } });
  await rig.commands.send('call.answer', { callId, agentId: 'bert' });
  await rig.event('call.connected', (event) => event['callId'] === callId && event['agentId'] === 'bert');
  expect(await portsAtRelay(place)).toEqual(place.ports);
  caller.hangUp();
  await rig.ended(callId);
  one.hangUp();
  two.hangUp();
});

test('of a call out it is told them with the answer, when both sides are described', async () => {
  const seat = await rig.seat('cora');
  const coming = far.next();
  const { callId } = await rig.commands.send('call.dial', { agentId: 'cora', number: OUTSIDE, from: '95100', purpose: 'enquiry' });
  const call = await coming;
  const place = await placeOf(callId);
  expect(place.ports).toEqual(await portsAtRelay(place));
  expect(rig.recorderStarts.find((start) => start.callId === callId)?.ports).toBeUndefined();
  await rig.commands.send('call.hang-up', { callId, agentId: 'cora' });
  await call.ended;
  await rig.ended(callId);
  seat.hangUp();
});

test('every fifth packet of a caller who sends no RTCP is missing: one question tells it of both sides', async () => {
  const seat = await rig.seat('dora');
  const { caller, callId } = await rig.talking('95100', 'dora');
  const [seatLeg = ''] = rig.media.seats();
  const queries = async (): Promise<number> => {
    const { statistics } = (await relay.send({ command: 'statistics' })) as unknown as {
      statistics: { controlstatistics: { totalquerycount: string } };
    };
    return Number(statistics.controlstatistics.totalquerycount);
  };
  const asked = async () => {
    const [callerSide, seatSide] = await rig.media.countsOf(callId, seatLeg);
    if (callerSide === undefined || seatSide === undefined) throw new Error('a side is gone');
    return { callerSide, seatSide };
  };
  await pause(300);
  const earlier = await queries();
  const before = await asked();
  expect(before).toMatchObject({ callerSide: { place: `${callId}/outer` }, seatSide: { place: `${callId}/inner` } });
  caller.sound.losesOneOf = 5;
  await pause(2_500);
  const after = await asked();
  expect((await queries()) - earlier).toBeLessThanOrEqual(4);
  const missing = after.callerSide.packetsMissing - before.callerSide.packetsMissing;
  const received = after.callerSide.packetsReceived - before.callerSide.packetsReceived;
  expect(missing / (missing + received)).toBeCloseTo(0.2, 1);
  expect(after.callerSide.reports).toBe(0);
  expect(after.seatSide.packetsReceived - before.seatSide.packetsReceived).toBeGreaterThan(100);
  expect(after.seatSide.packetsMissing - before.seatSide.packetsMissing).toBeLessThan(3);
  // Each of both alone counts the same.
  const [alone] = await rig.media.countsOf(seatLeg, undefined);
  expect(alone?.place).toBe(`${seatLeg}/outer`);
  caller.hangUp();
  await rig.ended(callId);
  seat.hangUp();
});

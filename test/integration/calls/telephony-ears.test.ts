import { readFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Flow, ServiceNumber } from '../../../services/shared/contracts/calls/flow.js';
import { linearToAlaw } from '../../../services/shared/domain/sound/g711.js';
import type { MonitoringMode } from '../../../services/shared/domain/calls/listening.js';
import { SAMPLE_RATE, shareOfTone, tone } from '../../../services/shared/domain/sound/tone.js';
import { alawWav } from '../../support/alaw-wav.js';
import { OpusSound } from '../../support/phones/opus-sound.js';
import type { SipPhone } from '../../support/phones/sip-phone.js';
import { TelephonyRig } from '../../support/servers/telephony-rig.js';
import { until } from '../../support/until.js';

// Who hears whom while a supervisor is in the call: the table of docs/calls.md, ear by ear, with a tone for each of five sources, on the real
// relay, SIP server and mixer, with seats and callers in either codec.

/** Multiples of 10 Hz can be told apart in a window of a tenth of a second, also when several are heard at once. */
const HERTZ = { caller: 440, agent: 660, supervisor: 880, colleague: 1_320, music: 1_700 } as const;
type Source = keyof typeof HERTZ;
/** Loud enough alone, and four together do not clip. */
const AMPLITUDE = 0.2;
/** Of four tones each has a quarter of the energy; what A-law adds is far below this. */
const LEAST_SHARE = 0.05;
/** A set counts as heard when so many looks in a row find it; the looks are a tenth of a second apart. */
const STEADY_LOOKS = 4;
const WITHIN_MS = 15_000;

const situations = ['talk', 'hold', 'consultation', 'conference', 'transfer', 'park'] as const;
type Situation = (typeof situations)[number];
const modes = ['listen', 'whisper', 'barge', 'take-over'] as const;
type Mode = (typeof modes)[number];
type Ears = Readonly<Record<Exclude<Source, 'music'>, readonly Source[]>>;

/** The rows of the table in docs/calls.md. */
function documented(): ReadonlyMap<string, Ears> {
  const lines = readFileSync('docs/calls.md', 'utf8').split('\n');
  const from = lines.findIndex((line) => line.startsWith('| mode | situation | caller hears'));
  const rows = new Map<string, Ears>();
  for (const line of lines.slice(from + 2)) {
    if (!line.startsWith('|')) break;
    const [, mode = '', situation = '', ...ears] = line.split('|').map((cell) => cell.trim());
    const sourcesOf = (cell = ''): Source[] => cell.split(', ').filter((each): each is Source => each in HERTZ);
    const [caller, agent, colleague, supervisor] = ears.map(sourcesOf);
    rows.set(`${mode}/${situation}`, {
      caller: caller ?? [],
      agent: agent ?? [],
      colleague: colleague ?? [],
      supervisor: supervisor ?? [],
    });
  }
  return rows;
}
const table = documented();

const codecs = ['pcma', 'opus'] as const;
type Codec = (typeof codecs)[number];
/** The sound of a party, in either codec. */
type Sound = Pick<SipPhone['sound'], 'play' | 'newest'>;
const who = ['agent', 'colleague', 'supervisor'] as const;

async function startRig(codec: Codec): Promise<TelephonyRig> {
  const queue = { kind: 'queue', queueId: 'service' };
  const rig = await TelephonyRig.start({
    seatCodec: codec,
    numbers: [
      ServiceNumber.parse({
        number: '4001000',
        name: 'service',
        status: 'in-service',
        language: 'zh-CN',
        flowVersion: 1,
        flow: Flow.parse({ noticePromptId: 'beep', start: 'service', steps: { service: queue } }),
      }),
    ],
  });
  const file = join(rig.folder, 'prompts', 'zh-CN', 'music.wav');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, alawWav(linearToAlaw(tone(HERTZ.music, 5 * SAMPLE_RATE))));
  return rig;
}

const heardBy = ({ newest }: Sound): Source[] =>
  (Object.keys(HERTZ) as Source[]).filter((source) => shareOfTone(newest, HERTZ[source]) > LEAST_SHARE).sort();

test('the table has a row for each mode in each situation', () => {
  expect([...table.keys()].sort()).toEqual(modes.flatMap((mode) => situations.map((situation) => `${mode}/${situation}`)).sort());
});

// Seats stay up from call to call, as in a browser.
describe.each(codecs)('seats in %s', (codec: Codec) => {
  let rig: TelephonyRig;
  const seats = new Map<(typeof who)[number], Sound>();
  const inOpus: OpusSound[] = [];
  let caller: { readonly phone: SipPhone; readonly sound: Sound } | undefined;
  const callersInOpus: OpusSound[] = [];

  /** A call that talks with the agent, of a caller in this codec. */
  async function talking(callerCodec: Codec): Promise<string> {
    const opus = callerCodec === 'opus' ? await OpusSound.open('127.0.0.1') : undefined;
    if (opus !== undefined) callersInOpus.push(opus);
    const call = await rig.talking('4001000', who[0], opus === undefined ? undefined : (link) => opus.through(link));
    caller = { phone: call.caller, sound: opus ?? call.caller.sound };
    return call.callId;
  }

  beforeAll(async () => {
    rig = await startRig(codec);
    for (const agentId of who) {
      if (codec === 'pcma') {
        seats.set(agentId, (await rig.seat(agentId)).sound);
        continue;
      }
      const sound = await OpusSound.open('127.0.0.1');
      inOpus.push(sound);
      await rig.seat(agentId, `session-${agentId}`, (link) => sound.through(link));
      seats.set(agentId, sound);
    }
  }, 60_000);
  afterAll(async () => {
    await rig[Symbol.asyncDispose]();
    for (const sound of [...inOpus, ...callersInOpus]) sound[Symbol.dispose]();
  });
  /** No party may go on sending into the next situation. */
  afterEach(() => {
    caller?.sound.play(undefined);
    caller?.phone.hangUp();
    for (const sound of seats.values()) sound.play(undefined);
  });

  describe.each(codecs.flatMap((callerCodec) => modes.map((mode) => [callerCodec, mode] as const)))(
    'caller in %s, %s',
    (callerCodec, mode) => {
      test.each(situations)(
        '%s: each ear hears the sources of the table and no other',
        async (situation) => {
          const [agentId, colleagueId, supervisorId] = who;
          const callId = await talking(callerCodec);
          const parties: Readonly<Record<string, Sound>> = {
            ...(caller === undefined ? {} : { caller: caller.sound }),
            ...Object.fromEntries(seats),
          };
          for (const [name, sound] of Object.entries(parties)) sound.play(HERTZ[name as Source], AMPLITUDE);
          const monitor = (how: Mode | MonitoringMode): Promise<unknown> =>
            rig.commands.send('call.monitor', { callId, agentId: supervisorId, mode: how });
          // The supervisor takes over the call as it stands; a transfer or parking ends the supervisor's part.
          if (mode !== 'take-over') await monitor(mode);
          await bringAbout(rig, { mode, situation, callId, agentId, colleagueId });
          if (mode === 'take-over' && situation !== 'transfer' && situation !== 'park') await monitor(mode);
          const ears = table.get(`${mode}/${situation}`);
          const expected = Object.fromEntries(Object.entries(ears ?? {}).map(([name, sources]) => [name, [...sources].sort()]));
          let steady = 0;
          await until(
            () => Object.fromEntries(Object.entries(parties).map(([name, sound]) => [name, heardBy(sound)])),
            (heard) => {
              const names = Object.keys(parties);
              steady = JSON.stringify(heard, names) === JSON.stringify(expected, names) ? steady + 1 : 0;
              return steady >= STEADY_LOOKS;
            },
            WITHIN_MS,
          );
          caller?.phone.hangUp();
          await rig.ended(callId);
        },
        40_000,
      );
    },
  );

  test('all of it was heard in the codec of the party', () => {
    expect(inOpus).toHaveLength(codec === 'opus' ? who.length : 0);
    expect(callersInOpus).toHaveLength(modes.length * situations.length);
    for (const { received } of [...inOpus, ...callersInOpus]) expect(received.other).toBe(0);
    for (const { received } of inOpus) expect(received.opus).toBeGreaterThan(100);
    for (const { received } of callersInOpus) expect(received.opus).toBeGreaterThan(STEADY_LOOKS);
  });
});

async function bringAbout(
  rig: TelephonyRig,
  {
    mode,
    situation,
    callId,
    agentId,
    colleagueId,
  }: Readonly<Record<'callId' | 'agentId' | 'colleagueId', string>> & { readonly mode: Mode; readonly situation: Situation },
): Promise<void> {
  const target = { to: 'seat', agentId: colleagueId } as const;
  switch (situation) {
    case 'talk':
      return;
    case 'hold':
      await rig.commands.send('call.hold', { callId, agentId });
      return;
    case 'park': {
      const parked = rig.commands.send('call.park', { callId, agentId });
      // A supervisor who has barged in is talking: the caller is not taken away from them.
      if (mode === 'barge') await expect(parked).rejects.toMatchObject({ code: 'wrong-state' });
      else await parked;
      return;
    }
    case 'transfer':
      await rig.commands.send('call.transfer', { callId, agentId, target });
      await rig.commands.send('call.answer', { callId, agentId: colleagueId });
      return;
    case 'consultation':
    case 'conference':
      await rig.commands.send('call.consult', { callId, agentId, target });
      await rig.commands.send('call.answer', { callId, agentId: colleagueId });
      if (situation === 'conference') await rig.commands.send('call.consult-end', { callId, agentId, how: 'join' });
  }
}

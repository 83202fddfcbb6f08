import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { trunkTestLines, type TrunkTest, type TrunkTestLine, type TrunkTestLineName } from '../shared/contracts/trunks/trunk-test.js';
import { failureOf } from '../shared/domain/failure.js';
import { normaliseNumber } from '../shared/domain/numbers/phone-number.js';
import { PROOF_AGENT, TEST_AGENT } from '../shared/domain/proof.js';
import type { EventBus } from '../shared/events/catalogue.js';
import { dialTest, type RealWay } from './dial-test.js';
import { watchEvents, type EventWatch } from './event-watch.js';
import type { ProofTelephone, ProofTelephones, ProofVoices } from './ports.js';
import { soon } from './soon.js';
import {
  answered,
  callRefused,
  holdLine,
  identityLine,
  keysLine,
  notBackIn,
  notDialled,
  notReached,
  optionsLine,
  qualityLine,
  registrationLine,
  soundLine,
  type Said,
} from './trunk-test-words.js';
import type { AgentId, CallId } from '../shared/domain/ids.js';

const OUT_HZ = 440;
const IN_HZ = 660;
/** Digits take a third of a second each. */
const KEY_MS = 350;
const KEY_TURNS = 2;
const KEYS_OUT = '147*';
const KEYS_IN = '2580';
/** A number that only rings is given up after 30 s, so this is long enough. */
const CALL_MS = 45_000;
const ARRIVES_MS = 10_000;
const HEARS_MS = 8_000;
const HOLD_MS = 2_000;

export interface TrunkTestDependencies {
  readonly bus: EventBus;
  readonly commands: CommandBus;
  readonly telephones: Pick<ProofTelephones, 'seat'>;
  readonly voices: ProofVoices;
  readonly newId: () => string;
  readonly now: () => Date;
  readonly monotonicMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** How long the tones are sent both ways before they are measured. */
  readonly soundMs: number;
}

/** The test cannot go on: the remaining lines are not reached. */
class Over extends Error {}

/**
 * Calls over one trunk from a seat of the system's own and checks each item of the carrier's sheet. The far side is the carrier's echo or
 * test number, or another trunk of ours by which the call comes back in: then identity and digits are seen at both ends. `onLine` is called
 * with each line.
 */
export async function makeTrunkTest(
  needs: TrunkTestDependencies,
  order: RealWay,
  begun: TrunkTest,
  onLine: (test: TrunkTest) => void,
): Promise<TrunkTest> {
  const { bus, commands, telephones, newId, wait } = needs;
  const lines: TrunkTestLine[] = [];
  let callId: CallId | undefined;
  const test = (state: TrunkTest['state']): TrunkTest => ({
    ...begun,
    state,
    lines: [...lines],
    ok: state === 'done' && lines.every(({ verdict }) => verdict !== 'bad'),
    ...(callId === undefined ? {} : { callId }),
  });
  const line = (name: TrunkTestLineName, said: Said): void => {
    lines.push({ name, ...said });
    onLine(test('running'));
  };
  const watched = await watchEvents(bus, CALL_MS);
  const open: { readonly agentId: AgentId; readonly sessionId: string; readonly phone: ProofTelephone }[] = [];

  async function seat(agentId: AgentId, hertz: number): Promise<ProofTelephone> {
    const sessionId = newId();
    const phone = await telephones.seat(agentId, sessionId);
    open.push({ agentId, sessionId, phone });
    // The seat that dials takes no calls: routing need not know about it.
    if (agentId === PROOF_AGENT) await commands.send('agent.sign-in', { agentId, name: 'Proof seat', sessionId });
    const status = await phone.call();
    if (status !== 200) throw new Error(`the seat's INVITE was answered ${status}`);
    phone.sound.play(hertz);
    return phone;
  }

  try {
    const [state] = (await commands.send('trunks.state', {})).filter(({ trunkId }) => trunkId === order.trunkId);
    line('options', optionsLine(state));
    line('registration', registrationLine(state));
    const here = await seat(TEST_AGENT, OUT_HZ);
    const there = order.inBy === undefined ? undefined : await seat(PROOF_AGENT, IN_HZ);
    if (there !== undefined)
      await soon(
        wait,
        () => commands.send('agent.set-state', { agentId: PROOF_AGENT, state: 'ready' }),
        (agent) => agent.state === 'ready',
      );
    const call = await dialled(needs, watched, order, (id) => (callId = id), line);
    await talked(needs, watched, { call, here, there }, line);
  } catch (error) {
    if (!(error instanceof Over)) {
      const at = trunkTestLines.find((name) => lines.every((made) => made.name !== name));
      if (at !== undefined) line(at, notDialled(failureOf(error)));
    }
  } finally {
    await watched.stop();
    if (callId !== undefined) await commands.send('call.hang-up', { callId, agentId: TEST_AGENT }).catch(() => undefined);
    for (const { agentId, sessionId, phone } of open) {
      phone.close();
      await commands.send('seat.end', { agentId, sessionId, reason: 'signed-out' }).catch(() => undefined);
      if (agentId === PROOF_AGENT) await commands.send('agent.sign-out', { agentId }).catch(() => undefined);
    }
  }
  for (const name of trunkTestLines) if (lines.every((made) => made.name !== name)) lines.push({ name, ...notReached });
  return test('done');
}

interface TalkingCall {
  readonly callId: CallId;
  /** The number that the call shows. */
  readonly from: string;
  /** The id of the same call where it came back in. */
  readonly inside: string | undefined;
}

async function dialled(
  { commands, monotonicMs, wait }: TrunkTestDependencies,
  watched: EventWatch,
  { trunkId, number, inBy }: RealWay,
  began: (callId: CallId) => void,
  line: (name: TrunkTestLineName, said: Said) => void,
): Promise<TalkingCall> {
  const offered = inBy === undefined ? undefined : watched.next('call.offered', ({ agentId }) => agentId === PROOF_AGENT);
  const sinceMs = monotonicMs();
  const { callId, from, refused } = await dialTest({ commands, wait }, watched, { trunkId, number, inBy }, began);
  if (refused !== undefined) {
    line('call', callRefused(refused.cause));
    throw new Over();
  }
  const afterMs = Math.round(monotonicMs() - sinceMs);
  if (offered === undefined) {
    line('call', answered(afterMs, inBy));
    return { callId, from, inside: undefined };
  }
  const offer = await Promise.race([offered, wait(ARRIVES_MS).then(() => undefined)]);
  if (offer === undefined) {
    line('call', notBackIn(inBy ?? ''));
    throw new Over();
  }
  await commands.send('call.answer', { callId: offer.callId, agentId: PROOF_AGENT, offerId: offer.offerId });
  line('call', answered(afterMs, inBy));
  return { callId, from, inside: offer.callId };
}

async function talked(
  { commands, voices, wait, soundMs }: TrunkTestDependencies,
  watched: EventWatch,
  {
    call: { callId, from, inside },
    here,
    there,
  }: { readonly call: TalkingCall; readonly here: ProofTelephone; readonly there: ProofTelephone | undefined },
  line: (name: TrunkTestLineName, said: Said) => void,
): Promise<void> {
  const isEcho = inside === undefined;
  const seen = isEcho ? undefined : (await commands.send('call.caller', { callId: inside })).number;
  line('identity', identityLine(normaliseNumber(from) ?? from, seen));
  const heard = (phone: ProofTelephone | undefined, hertz: number): Promise<number | undefined> =>
    phone === undefined ? Promise.resolve(undefined) : phone.sound.untilHears(hertz, HEARS_MS).catch(() => undefined);
  /** With an echo, this end hears what went out and came back. */
  const bothWays = async (): Promise<readonly [number | undefined, number | undefined]> => {
    if (!isEcho) return Promise.all([heard(there, OUT_HZ), heard(here, IN_HZ)]);
    const back = await heard(here, OUT_HZ);
    return [back, back];
  };
  const sounds = await bothWays();
  line('sound', soundLine(...sounds));
  if (sounds.includes(undefined)) throw new Over();

  const keysThrough = createKeysThrough({ commands, wait });
  line('keys-out', keysLine(KEYS_OUT, await keysThrough(KEYS_OUT, { callId, agentId: TEST_AGENT, heardIn: inside ?? callId }), isEcho));
  if (isEcho) line('keys-in', keysLine(KEYS_IN, '', true));
  else line('keys-in', keysLine(KEYS_IN, await keysThrough(KEYS_IN, { callId: inside, agentId: PROOF_AGENT, heardIn: callId }), false));

  await commands.send('call.hold', { callId, agentId: TEST_AGENT });
  await wait(HOLD_MS);
  await commands.send('call.resume', { callId, agentId: TEST_AGENT });
  const back = await bothWays();
  line('hold', holdLine(back.includes(undefined) ? undefined : Math.max(...back.map((ms) => ms ?? 0))));

  const ended = watched.next('call.ended', (event) => event.callId === callId);
  const cut = await Promise.race([ended.then(({ cause }) => cause), wait(soundMs).then(() => undefined)]);
  if (cut !== undefined) {
    line('quality', callRefused(cut));
    throw new Over();
  }
  await commands.send('call.hang-up', { callId, agentId: TEST_AGENT });
  await ended;
  const legs = await soon(
    wait,
    () => voices.legsOf(callId),
    (found) => found.length > 0,
  );
  line('quality', qualityLine(legs, Math.round(soundMs / 1_000)));
}

/**
 * Presses digits in a call and returns those that the other end heard. A carrier, or the relay while it prepares for digits, may lose some
 * of the first: they are pressed once more, as a person would do.
 */
function createKeysThrough({ commands, wait }: Pick<TrunkTestDependencies, 'commands' | 'wait'>) {
  const heardBy = async (callId: CallId): Promise<string> => (await commands.send('call.test-keys', { callId })).keys;
  return async (
    keys: string,
    { callId, agentId, heardIn }: { readonly callId: CallId; readonly agentId: AgentId; readonly heardIn: string },
  ): Promise<string> => {
    let heard = '';
    for (let turn = 0; turn < KEY_TURNS && heard !== keys; turn += 1) {
      const before = (await heardBy(heardIn)).length;
      await commands.send('call.send-keys', { callId, agentId, keys });
      await wait(keys.length * KEY_MS);
      heard = await soon(
        wait,
        async () => (await heardBy(heardIn)).slice(before),
        (now) => now.length >= keys.length,
      );
    }
    return heard;
  };
}

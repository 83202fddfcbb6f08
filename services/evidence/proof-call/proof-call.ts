import type { CommandBus } from '../../shared/contracts/commands.js';
import { PROOF_AGENT, PROOF_NUMBER } from '../../shared/domain/proof.js';
import { hears, SAMPLE_RATE } from '../../shared/domain/tone.js';
import type { EventBus } from '../../shared/events/catalogue.js';
import {
  stageNames,
  type ProofCall,
  type ProofRecording,
  type ProofStage,
  type ProofStore,
  type ProofRow,
  type LegVoice,
  type ProofTelephones,
  type ProofVoices,
  type ProofWitnesses,
  type RecordingReader,
  type StageName,
} from './ports.js';
import { mosCqe, oneWayDelayMs } from '../quality/mos.js';
import { watchEvents } from './event-watch.js';

const CALLER_HZ = 440;
const AGENT_HZ = 660;
const STAGE_MS = 15_000;
/** Long enough that each channel of the recording holds whole seconds of tone. */
const TALK_MS = 2_000;

export interface ProofDependencies {
  readonly bus: EventBus;
  readonly commands: CommandBus;
  readonly telephones: ProofTelephones;
  readonly recordings: RecordingReader;
  readonly witnesses: ProofWitnesses;
  readonly voices: ProofVoices;
  readonly proofs: ProofStore;
  readonly newId: () => string;
  readonly now: () => Date;
  /** Milliseconds of a clock that never steps. */
  readonly monotonicMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

/**
 * A call through the whole product: over the trunk, into a queue of its own, to a seat of its own, tones both ways, into the store and out
 * again. Each stage has its time and verdict; the first that fails ends it, and those behind it are `not reached`.
 */
export async function makeProofCall(
  needs: ProofDependencies,
  origin: string,
  onStage: (stage: ProofStage) => void = () => undefined,
): Promise<ProofCall> {
  const { bus, commands, telephones, recordings, witnesses, voices, proofs, newId, now, monotonicMs, wait } = needs;
  const at = now();
  const begun = monotonicMs();
  const stages: ProofStage[] = [];
  const sessionId = newId();
  const watched = await watchEvents(bus, STAGE_MS);
  const opened: { close(): void }[] = [];
  let callId: string | undefined;

  async function stage<T>(
    name: StageName,
    does: () => Promise<T>,
    says: (result: T, ms: number) => string | undefined = () => '',
  ): Promise<T> {
    const since = monotonicMs();
    try {
      const result = await does();
      const detail = says(result, monotonicMs() - since);
      if (detail === undefined) throw new Error('not so');
      report({ name, ok: true, ms: Math.round(monotonicMs() - since), detail });
      return result;
    } catch (error) {
      report({ name, ok: false, ms: Math.round(monotonicMs() - since), detail: error instanceof Error ? error.message : 'failed' });
      throw error;
    }
  }
  function report(made: ProofStage): void {
    stages.push(made);
    onStage(made);
  }

  try {
    const seat = await stage('seat-ready', async () => {
      const phone = await telephones.seat(PROOF_AGENT, sessionId);
      opened.push(phone);
      await commands.send('agent.sign-in', { agentId: PROOF_AGENT, name: 'Proof seat', sessionId });
      const status = await phone.call();
      if (status !== 200) throw new Error(`the seat's INVITE was answered ${status}`);
      phone.sound.play(AGENT_HZ);
      // Routing hears of the seat's sound by the event stream.
      const { state } = await soon(
        wait,
        () => commands.send('agent.set-state', { agentId: PROOF_AGENT, state: 'ready' }),
        (agent) => agent.state === 'ready',
      );
      if (state !== 'ready') failed(`the seat is ${state}`);
      return phone;
    });
    const caller = await telephones.caller(PROOF_NUMBER);
    opened.push(caller);
    const offer = watched.next('call.offered', ({ agentId }) => agentId === PROOF_AGENT);
    await stage(
      'call-answered',
      () => caller.call(),
      (status) => (status === 200 ? '200' : undefined),
    );
    caller.sound.play(CALLER_HZ);
    const offered = await stage(
      'seat-rings',
      () => offer,
      ({ waitedMs }) => `waited ${Math.round(waitedMs)} ms`,
    );
    callId = offered.callId;
    await stage('seat-answers', () =>
      commands.send('call.answer', { callId: offered.callId, agentId: PROOF_AGENT, offerId: offered.offerId }),
    );
    await stage(
      'caller-hears-agent',
      () => caller.sound.untilHears(AGENT_HZ, STAGE_MS),
      (ms) => `${AGENT_HZ} Hz after ${Math.round(ms)} ms`,
    );
    await stage(
      'agent-hears-caller',
      () => seat.sound.untilHears(CALLER_HZ, STAGE_MS),
      (ms) => `${CALLER_HZ} Hz after ${Math.round(ms)} ms`,
    );
    await wait(TALK_MS);
    const ended = watched.next('call.ended', (event) => event.callId === callId);
    const archived = watched.next('recording.archived', (event) => event.callId === callId);
    await stage(
      'call-ended',
      async () => {
        caller.hangUp();
        return ended;
      },
      ({ cause, by }) => `${cause}, by ${by}`,
    );
    await stage(
      'recording-stored',
      () => archived,
      ({ durationMs, sizeBytes }) => `${(durationMs / 1_000).toFixed(1)} s, ${sizeBytes} bytes`,
    );
    const recording = await stage(
      'tones-in-channels',
      () => recordings.read(offered.callId),
      (read) => tonesIn(read),
    );
    await stage(
      'hash-equal',
      async () => recording,
      ({ hashEqual, sha256 }) => (hashEqual ? sha256 : undefined),
    );
    await stage(
      'voice-measured',
      () =>
        soon(
          wait,
          () => voices.legsOf(offered.callId),
          (legs) => legs.length > 0,
        ),
      inMos,
    );
    const row = await stage('ledger-whole', () => witnesses.rowOf(offered.callId), wholeRow);
    await stage('witnesses-agree', async () => row, agreement);
    await stage(
      'lock-holds',
      () => witnesses.tryLock(),
      (held) => (held === undefined ? 'the bucket has no Object Lock' : held ? 'removal, shortening and overwriting refused' : undefined),
    );
    await stage(
      'played-by-console',
      () => commands.send('proof.play', { callId: offered.callId }),
      ({ status, sizeBytes, sha256 }) => (sha256 === recording.sha256 ? `${sizeBytes} bytes, the same hash` : failed(`status ${status}`)),
    );
  } catch {
    // Told by its stage; what was not reached is said below.
  } finally {
    await watched.stop();
    for (const phone of opened) phone.close();
    await commands.send('seat.end', { agentId: PROOF_AGENT, sessionId, reason: 'signed-out' }).catch(() => undefined);
    await commands.send('agent.sign-out', { agentId: PROOF_AGENT }).catch(() => undefined);
  }
  for (const name of stageNames) if (!stages.some((made) => made.name === name)) report({ name, ok: false, ms: 0, detail: 'not reached' });
  const proof: ProofCall = {
    proofId: newId(),
    at,
    ok: stages.every(({ ok }) => ok),
    totalMs: Math.round(monotonicMs() - begun),
    stages,
    origin,
    ...(callId === undefined ? {} : { callId }),
  };
  await proofs.add(proof);
  return proof;
}

/** What another process writes or learns behind an event may take a moment: asks again for two seconds, and gives the last answer. */
async function soon<T>(wait: (ms: number) => Promise<void>, ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  for (let left = 40; ; left -= 1) {
    const answer = await ask();
    if (fits(answer) || left === 0) return answer;
    await wait(50);
  }
}

function failed(why: string): never {
  throw new Error(why);
}

/** MOS-CQE of each leg, as the quality figures reckon it; a round trip that nobody reported counts as none, and that is said. */
function inMos(legs: readonly LegVoice[]): string {
  if (legs.length === 0) return failed('the relay counted nothing');
  return legs
    .map(({ leg, lossPercent, jitterMs, roundTripMs }) => {
      const { mos, r } = mosCqe({ lossPercent, delayMs: oneWayDelayMs(roundTripMs ?? 0, jitterMs) });
      const trip = roundTripMs === undefined ? 'no round trip reported' : `round trip ${roundTripMs.toFixed(0)} ms`;
      return `${leg}: MOS-CQE ${mos.toFixed(2)} (R ${r.toFixed(1)}), loss ${lossPercent.toFixed(2)} %, jitter ${jitterMs.toFixed(1)} ms, ${trip}`;
    })
    .join('; ');
}

/** Nothing of the answered time is lost. */
function wholeRow(row: ProofRow | undefined): string {
  if (row === undefined) return failed('the ledger has no account of the call');
  const text = `number ${row.number}: ${(row.recordedMs / 1_000).toFixed(1)} of ${(row.answeredMs / 1_000).toFixed(1)} s recorded, ${row.lostMs} ms lost`;
  return row.lostMs === 0 ? text : failed(text);
}

/** Of packets at the edges of a call one witness may have a few more than another. */
const EDGE_PACKETS = 25;

/** The recorder and the relay's capture saw the same; where the relay keeps no capture here, its count of the caller is all there is. */
function agreement(row: ProofRow | undefined): string {
  if (row?.recorderPackets === undefined) return failed('the recorder has no count');
  const { recorderPackets, capturePackets, relayCallerPackets } = row;
  const counts = [
    `recorder ${recorderPackets} packets`,
    capturePackets === undefined ? 'no capture on this machine' : `capture ${capturePackets}`,
    ...(relayCallerPackets === undefined ? [] : [`relay ${relayCallerPackets} of the caller`]),
  ].join(', ');
  return capturePackets !== undefined && Math.abs(recorderPackets - capturePackets) > EDGE_PACKETS ? failed(counts) : counts;
}

/** Whether each tone fills a second of its own channel and is absent from the other. */
function tonesIn({ caller, agent }: ProofRecording): string | undefined {
  const found = (channel: Int16Array, hertz: number): number => {
    let windows = 0;
    for (let from = 0; from + SAMPLE_RATE / 10 <= channel.length; from += SAMPLE_RATE / 10)
      if (hears(channel.subarray(from, from + SAMPLE_RATE / 10), hertz)) windows += 1;
    return windows / 10;
  };
  const right = [found(caller, CALLER_HZ), found(agent, AGENT_HZ)] as const;
  const crossed = found(caller, AGENT_HZ) + found(agent, CALLER_HZ);
  const text = `left ${CALLER_HZ} Hz ${right[0].toFixed(1)} s, right ${AGENT_HZ} Hz ${right[1].toFixed(1)} s, crossed ${crossed.toFixed(1)} s`;
  if (right[0] < 1 || right[1] < 1 || crossed > 0) throw new Error(text);
  return text;
}

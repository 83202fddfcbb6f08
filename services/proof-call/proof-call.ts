import type { Words } from '../shared/domain/language.js';
import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { linesDown } from './lines-down.js';
import { PROOF_AGENT, PROOF_NUMBER, TEST_AGENT } from '../shared/domain/proof.js';
import type { EventBus, EventOf } from '../shared/events/catalogue.js';
import {
  echoStageNames,
  stageNames,
  type ProofCall,
  type ProofStage,
  type ProofStore,
  type ProofTelephone,
  type ProofTelephones,
  type ProofVoices,
  type ProofWitnesses,
  type RecordingReader,
} from './ports.js';
import { failureOf } from '../shared/domain/failure.js';
import { dialTest, type RealWay } from './dial-test.js';
import { watchEvents, type EventWatch } from './event-watch.js';
import { AGENT_HZ, byWhom, CALLER_HZ, recordingHolds } from './proof-recording.js';
import { createStages, failed, type Stage } from './proof-stages.js';
import { soon } from './soon.js';
import { callOutEnded, callOutNotDialled, notAnsweredIn, notBackIn, outBy } from './trunk-test-words.js';
import type { CallId } from '../shared/domain/ids.js';

const STAGE_MS = 15_000;
/** A number that only rings is given up after 30 s. */
const OVER_LINES_MS = 35_000;
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

type Caller = Pick<ProofTelephone, 'call' | 'hangUp' | 'close' | 'sound'>;
/** Dials from a seat, and has the id of its call once it is dialled. */
type LineCaller = Caller & { readonly callId: () => CallId | undefined };

/** A seat of the system that dials out over one trunk: the call comes in by another, or reaches the carrier's echo number. */
async function callerOverLine(
  { telephones, commands, newId, wait }: ProofDependencies,
  watched: EventWatch,
  over: RealWay,
): Promise<LineCaller> {
  const sessionId = newId();
  const phone = await telephones.seat(TEST_AGENT, sessionId);
  let callId: CallId | undefined;
  /** Nothing was dialled, or the call neither connected nor ended in time. */
  const notDialled = (error: unknown): never => {
    const code = failureOf(error);
    return failed(outBy(over.trunkId, code === 'internal' ? notAnsweredIn(OVER_LINES_MS) : callOutNotDialled(code)));
  };
  const hangUp = (): void => {
    if (callId !== undefined) commands.send('call.hang-up', { callId, agentId: TEST_AGENT }).catch(() => undefined);
  };
  return {
    sound: phone.sound,
    callId: () => callId,
    async call() {
      const status = await phone.call();
      if (status !== 200) return status;
      const { refused } = await dialTest({ commands, wait }, watched, over, (id) => (callId = id)).catch(notDialled);
      if (refused !== undefined) failed(outBy(over.trunkId, callOutEnded(refused.cause)));
      return status;
    },
    hangUp,
    close() {
      hangUp();
      phone.close();
      commands.send('seat.end', { agentId: TEST_AGENT, sessionId, reason: 'signed-out' }).catch(() => undefined);
    },
  };
}

function wentOver(over: RealWay | undefined): Words {
  if (over === undefined)
    return { zh: '200，经本机回环，未经运营商线路', en: '200, over the loopback of this machine and no line of a carrier' };
  const { trunkId, inBy, number } = over;
  return inBy === undefined
    ? {
        zh: `200，从中继 ${trunkId} 呼出，到运营商回声号码 ${number}`,
        en: `200, out by trunk ${trunkId} to the carrier's echo number ${number}`,
      }
    : { zh: `200，从中继 ${trunkId} 呼出，从中继 ${inBy} 呼入`, en: `200, out by trunk ${trunkId}, in by trunk ${inBy}` };
}

/** A seat of the proof call's own that is ready and plays its tone. */
async function seatReady({ telephones, commands, wait }: ProofDependencies, stage: Stage, sessionId: string, opened: { close(): void }[]) {
  return stage('seat-ready', async () => {
    const phone = await telephones.seat(PROOF_AGENT, sessionId);
    opened.push(phone);
    await commands.send('agent.sign-in', { agentId: PROOF_AGENT, name: 'Proof seat', sessionId });
    const status = await phone.call();
    if (status !== 200) failed({ zh: `坐席的呼叫得到 ${status} 应答`, en: `the seat's INVITE was answered ${status}` });
    phone.sound.play(AGENT_HZ);
    // Routing learns from the event stream that the seat's media is up.
    const { state } = await soon(
      wait,
      () => commands.send('agent.set-state', { agentId: PROOF_AGENT, state: 'ready' }),
      (agent) => agent.state === 'ready',
    );
    if (state !== 'ready') failed({ zh: `坐席状态为 ${state}`, en: `the seat is ${state}` });
    return phone;
  });
}

async function bothHear(
  stage: Stage,
  caller: Pick<Awaited<ReturnType<ProofTelephones['caller']>>, 'sound'>,
  seat: Pick<Awaited<ReturnType<ProofTelephones['seat']>>, 'sound'>,
): Promise<void> {
  await stage(
    'caller-hears-agent',
    () => caller.sound.untilHears(AGENT_HZ, STAGE_MS),
    (ms) => heard(AGENT_HZ, ms),
  );
  await stage(
    'agent-hears-caller',
    () => seat.sound.untilHears(CALLER_HZ, STAGE_MS),
    (ms) => heard(CALLER_HZ, ms),
  );
}

interface Proving {
  readonly stage: Stage;
  readonly watched: EventWatch;
  /** Closed at the end, whatever happens. */
  readonly opened: { close(): void }[];
  readonly sessionId: string;
  readonly began: (callId: CallId) => void;
}

/** Hangs up, and waits for the end of the call. Resolves with the event of its recording, which may come later. */
async function endedBy(
  { stage, watched }: Pick<Proving, 'stage' | 'watched'>,
  callId: CallId,
  hangUp: () => void,
): Promise<{ readonly archived: Promise<EventOf<'recording.archived'>> }> {
  const ended = watched.next('call.ended', (event) => event.callId === callId);
  const archived = watched.next('recording.archived', (event) => event.callId === callId);
  await stage(
    'call-ended',
    async () => {
      hangUp();
      return ended;
    },
    ({ cause, by }) => ({ zh: `${ends[cause] ?? cause}，${byWhom[by] ?? by}挂断`, en: `${cause}, by ${by}` }),
  );
  return { archived };
}

/** A caller, over the loopback or in by another trunk, and a seat that takes the call. */
async function calledIn(needs: ProofDependencies, { stage, watched, opened, sessionId, began }: Proving, over: RealWay | undefined) {
  const { commands, telephones, wait } = needs;
  const seat = await seatReady(needs, stage, sessionId, opened);
  const caller: Caller = await (over === undefined ? telephones.caller(PROOF_NUMBER) : callerOverLine(needs, watched, over));
  opened.push(caller);
  const offer = watched.next('call.offered', ({ agentId }) => agentId === PROOF_AGENT);
  await stage(
    'call-answered',
    () => caller.call(),
    (status) => (status === 200 ? wentOver(over) : failed({ zh: `应答为 ${status}`, en: `answered ${status}` })),
  );
  caller.sound.play(CALLER_HZ);
  const { callId, offerId } = await stage(
    'seat-rings',
    () => (over === undefined ? offer : offer.catch(() => failed(notBackIn(over.inBy ?? '').seen))),
    ({ waitedMs }) => ({ zh: `等待 ${Math.round(waitedMs)} 毫秒`, en: `waited ${Math.round(waitedMs)} ms` }),
  );
  began(callId);
  await stage('seat-answers', () => commands.send('call.answer', { callId, agentId: PROOF_AGENT, offerId }));
  await bothHear(stage, caller, seat);
  await wait(TALK_MS);
  const { archived } = await endedBy({ stage, watched }, callId, () => caller.hangUp());
  await recordingHolds(needs, stage, callId, archived, false);
}

/** Two tones, one after the other, into the carrier's echo: a line that is stuck on one of them is no echo. */
async function intoEcho(needs: ProofDependencies, { stage, watched, opened, began }: Proving, over: RealWay): Promise<void> {
  const caller = await stage('seat-ready', () => callerOverLine(needs, watched, over));
  opened.push(caller);
  await stage(
    'carrier-answers',
    () => caller.call(),
    (status) =>
      status === 200 ? wentOver(over) : failed({ zh: `坐席的呼叫得到 ${status} 应答`, en: `the seat's INVITE was answered ${status}` }),
  );
  const callId = caller.callId() ?? failed({ zh: '呼叫没有编号', en: 'the call has no id' });
  began(callId);
  await stage(
    'echo-heard',
    async () => {
      const backMs: number[] = [];
      for (const hertz of [CALLER_HZ, AGENT_HZ]) {
        caller.sound.play(hertz);
        backMs.push(await caller.sound.untilHears(hertz, STAGE_MS));
      }
      return Math.max(...backMs);
    },
    (ms) => ({
      zh: `${CALLER_HZ} Hz 与 ${AGENT_HZ} Hz 先后返回，至多 ${Math.round(ms)} 毫秒`,
      en: `${CALLER_HZ} Hz and then ${AGENT_HZ} Hz came back, within ${Math.round(ms)} ms`,
    }),
  );
  await needs.wait(TALK_MS);
  const { archived } = await endedBy({ stage, watched }, callId, () => caller.hangUp());
  await recordingHolds(needs, stage, callId, archived, true);
}

/**
 * A call through the whole product: over the loopback of the machine, or out and in by two trunks, or out by one to its carrier's echo
 * number, when `over` says so; with tones, into the store and out again. Each stage has its time and verdict; the first one that fails ends
 * the call, and those after it are `not reached`.
 */
export async function makeProofCall(
  needs: ProofDependencies,
  origin: string,
  onStage: (stage: ProofStage) => void = () => undefined,
  over?: RealWay,
): Promise<ProofCall> {
  const { bus, commands, proofs, newId, now, monotonicMs } = needs;
  const at = now();
  const begun = monotonicMs();
  const { stages, stage, report } = createStages(monotonicMs, onStage);
  const sessionId = newId();
  const watched = await watchEvents(bus, over === undefined ? STAGE_MS : OVER_LINES_MS);
  const opened: { close(): void }[] = [];
  const echoes = over !== undefined && over.inBy === undefined;
  let callId: CallId | undefined;
  const proving = { stage, watched, opened, sessionId, began: (id: CallId) => void (callId = id) };

  try {
    await (echoes ? intoEcho(needs, proving, over) : calledIn(needs, proving, over));
  } catch {
    // The failed stage has reported the error; the stages that were not reached are added below.
  } finally {
    await watched.stop();
    for (const phone of opened) phone.close();
    if (!echoes) {
      await commands.send('seat.end', { agentId: PROOF_AGENT, sessionId, reason: 'signed-out' }).catch(() => undefined);
      await commands.send('agent.sign-out', { agentId: PROOF_AGENT }).catch(() => undefined);
    }
  }
  for (const name of echoes ? echoStageNames : stageNames)
    if (!stages.some((made) => made.name === name)) report({ name, ok: false, ms: 0, detail: 'not reached', detailZh: '未进行到' });
  const down = await linesDownSince(needs, at);
  const proof: ProofCall = {
    proofId: newId(),
    at,
    ok: stages.every(({ ok }) => ok),
    totalMs: Math.round(monotonicMs() - begun),
    stages,
    origin,
    ...(callId === undefined ? {} : { callId }),
    ...(over === undefined ? {} : wayOf(over)),
    ...(down === undefined ? {} : { linesDown: down }),
  };
  await proofs.add(proof);
  return proof;
}

const wayOf = ({ trunkId, inBy, number }: RealWay): Pick<ProofCall, 'over' | 'echo'> =>
  inBy === undefined ? { echo: { trunkId, number } } : { over: { trunkId, inBy } };

/** The lines that were down since the previous proof call; undefined when it is not known. */
async function linesDownSince({ commands, proofs, now }: ProofDependencies, at: Date): Promise<string[] | undefined> {
  try {
    const [[before], states] = await Promise.all([proofs.newest(1), commands.send('trunks.state', {})]);
    const sinceMs = before === undefined ? at.getTime() : before.at.getTime() + before.totalMs;
    return linesDown(states, { sinceMs, nowMs: now().getTime() });
  } catch {
    return undefined;
  }
}

const heard = (hertz: number, ms: number): Words => ({
  zh: `${Math.round(ms)} 毫秒后听到 ${hertz} Hz`,
  en: `${hertz} Hz after ${Math.round(ms)} ms`,
});

/** Chinese words for how a proof call ends; another value is printed as it is. */
const ends: Readonly<Record<string, string>> = { completed: '正常结束' };

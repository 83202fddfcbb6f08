import type { Words } from '../shared/domain/language.js';
import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { linesDown } from './lines-down.js';
import { PROOF_AGENT, PROOF_NUMBER, TEST_AGENT } from '../shared/domain/proof.js';
import { hears, SAMPLE_RATE } from '../shared/domain/sound/tone.js';
import type { EventBus, EventOf } from '../shared/events/catalogue.js';
import {
  stageNames,
  type ProofCall,
  type ProofRecording,
  type ProofStage,
  type ProofStore,
  type ProofTelephone,
  type ProofRow,
  type LegVoice,
  type ProofTelephones,
  type ProofVoices,
  type ProofWitnesses,
  type RecordingReader,
  type StageName,
} from './ports.js';
import { failureOf } from '../shared/domain/failure.js';
import { mosCqe, oneWayDelayMs } from '../shared/domain/mos.js';
import { dialTest, type RealWay } from './dial-test.js';
import { watchEvents, type EventWatch } from './event-watch.js';
import { soon } from './soon.js';
import { callOutEnded, callOutNotDialled, notAnsweredIn, notBackIn, outBy } from './trunk-test-words.js';
import type { CallId } from '../shared/domain/ids.js';

const [CALLER_HZ, AGENT_HZ] = [440, 660];
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

type Stage = ReturnType<typeof createStages>['stage'];

/** Runs the stages one after the other; each is reported with its time and verdict. */
function createStages(monotonicMs: () => number, onStage: (stage: ProofStage) => void) {
  const stages: ProofStage[] = [];

  async function stage<T>(
    name: StageName,
    does: () => Promise<T>,
    says: (result: T) => Words | undefined = () => ({ zh: '', en: '' }),
  ): Promise<T> {
    const since = monotonicMs();
    try {
      const result = await does();
      const words = says(result);
      if (words === undefined) return failed({ zh: '与应有的不符', en: 'not so' });
      report({ name, ok: true, ms: Math.round(monotonicMs() - since), detail: words.en, detailZh: words.zh });
      return result;
    } catch (error) {
      report({
        name,
        ok: false,
        ms: Math.round(monotonicMs() - since),
        detail: error instanceof Error ? error.message : 'failed',
        ...(error instanceof NotSo ? { detailZh: error.words.zh } : {}),
      });
      throw error;
    }
  }
  function report(made: ProofStage): void {
    stages.push(made);
    onStage(made);
  }

  return { stages, stage, report };
}

type Caller = Pick<ProofTelephone, 'call' | 'hangUp' | 'close' | 'sound'>;

/** A caller who comes in over a real line: a seat of the system dials out over one trunk, and the call comes in by another. */
async function callerOverLine(
  { telephones, commands, newId, wait }: ProofDependencies,
  watched: EventWatch,
  over: RealWay,
): Promise<Caller> {
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

const wentOver = (over: RealWay | undefined): Words =>
  over === undefined
    ? { zh: '200，经本机回环，未经运营商线路', en: '200, over the loopback of this machine and no line of a carrier' }
    : {
        zh: `200，从中继 ${over.trunkId} 呼出，从中继 ${over.inBy ?? ''} 呼入`,
        en: `200, out by trunk ${over.trunkId}, in by trunk ${over.inBy ?? ''}`,
      };

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

/** What remains of the call: the audio, its hash, its measurement and the witnesses agree, and the Object Lock holds. */
async function recordingHolds(
  { commands, recordings, witnesses, voices, wait }: ProofDependencies,
  stage: Stage,
  callId: CallId,
  archived: Promise<EventOf<'recording.archived'>>,
): Promise<void> {
  await stage(
    'recording-stored',
    () => archived,
    ({ durationMs, sizeBytes }) => ({
      zh: `${(durationMs / 1_000).toFixed(1)} 秒，${sizeBytes} 字节`,
      en: `${(durationMs / 1_000).toFixed(1)} s, ${sizeBytes} bytes`,
    }),
  );
  const recording = await stage(
    'tones-in-channels',
    () => recordings.read(callId),
    (read) => tonesIn(read),
  );
  await stage(
    'hash-equal',
    async () => recording,
    ({ hashEqual, sha256 }) => (hashEqual ? { zh: sha256, en: sha256 } : undefined),
  );
  await stage(
    'voice-measured',
    () =>
      soon(
        wait,
        () => voices.legsOf(callId),
        (legs) => legs.length > 0,
      ),
    inMos,
  );
  const row = await stage('ledger-whole', () => witnesses.rowOf(callId), wholeRow);
  await stage('witnesses-agree', async () => row, agreement);
  await stage(
    'lock-holds',
    () => witnesses.tryLock(),
    (held) =>
      held === undefined
        ? { zh: '存储桶未启用对象锁定', en: 'the bucket has no Object Lock' }
        : held
          ? { zh: '删除、缩短保存期与覆盖均被拒绝', en: 'removal, shortening and overwriting refused' }
          : undefined,
  );
  await stage(
    'played-by-console',
    () => commands.send('proof.play', { callId }),
    ({ status, sizeBytes, sha256 }) =>
      sha256 === recording.sha256
        ? { zh: `${sizeBytes} 字节，摘要一致`, en: `${sizeBytes} bytes, the same hash` }
        : failed({ zh: `状态 ${status}`, en: `status ${status}` }),
  );
}

/**
 * A call through the whole product: over the loopback of the machine, or out and in by two trunks when `over` names them; into a queue of
 * its own, to a seat of its own, with tones both ways, into the store and out again. Each stage has its time and verdict; the first one
 * that fails ends the call, and those after it are `not reached`.
 */
export async function makeProofCall(
  needs: ProofDependencies,
  origin: string,
  onStage: (stage: ProofStage) => void = () => undefined,
  over?: RealWay & { readonly inBy: string },
): Promise<ProofCall> {
  const { bus, commands, telephones, proofs, newId, now, monotonicMs, wait } = needs;
  const at = now();
  const begun = monotonicMs();
  const { stages, stage, report } = createStages(monotonicMs, onStage);
  const sessionId = newId();
  const watched = await watchEvents(bus, over === undefined ? STAGE_MS : OVER_LINES_MS);
  const opened: { close(): void }[] = [];
  let callId: CallId | undefined;

  try {
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
    const offered = await stage(
      'seat-rings',
      () => (over === undefined ? offer : offer.catch(() => failed(notBackIn(over.inBy).seen))),
      ({ waitedMs }) => ({ zh: `等待 ${Math.round(waitedMs)} 毫秒`, en: `waited ${Math.round(waitedMs)} ms` }),
    );
    callId = offered.callId;
    await stage('seat-answers', () =>
      commands.send('call.answer', { callId: offered.callId, agentId: PROOF_AGENT, offerId: offered.offerId }),
    );
    await bothHear(stage, caller, seat);
    await wait(TALK_MS);
    const ended = watched.next('call.ended', (event) => event.callId === callId);
    const archived = watched.next('recording.archived', (event) => event.callId === callId);
    await stage(
      'call-ended',
      async () => {
        caller.hangUp();
        return ended;
      },
      ({ cause, by }) => ({ zh: `${ends[cause] ?? cause}，${byWhom[by] ?? by}挂断`, en: `${cause}, by ${by}` }),
    );
    await recordingHolds(needs, stage, offered.callId, archived);
  } catch {
    // The failed stage has reported the error; the stages that were not reached are added below.
  } finally {
    await watched.stop();
    for (const phone of opened) phone.close();
    await commands.send('seat.end', { agentId: PROOF_AGENT, sessionId, reason: 'signed-out' }).catch(() => undefined);
    await commands.send('agent.sign-out', { agentId: PROOF_AGENT }).catch(() => undefined);
  }
  for (const name of stageNames)
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
    ...(over === undefined ? {} : { over: { trunkId: over.trunkId, inBy: over.inBy } }),
    ...(down === undefined ? {} : { linesDown: down }),
  };
  await proofs.add(proof);
  return proof;
}

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

/** Why a stage failed, when the words are our own. */
class NotSo extends Error {
  constructor(readonly words: Words) {
    super(words.en);
  }
}

function failed(why: Words): never {
  throw new NotSo(why);
}

const heard = (hertz: number, ms: number): Words => ({
  zh: `${Math.round(ms)} 毫秒后听到 ${hertz} Hz`,
  en: `${hertz} Hz after ${Math.round(ms)} ms`,
});

/** Chinese words for how a proof call ends and who ends it; other values are printed as they are. */
const ends: Readonly<Record<string, string>> = { completed: '正常结束' };
const byWhom: Readonly<Record<string, string>> = { caller: '来电者', agent: '坐席', system: '系统' };

/** MOS-CQE of each leg, computed as the quality figures compute it. A round trip that was not reported counts as 0 ms, and the text says so. */
function inMos(legs: readonly LegVoice[]): Words {
  if (legs.length === 0) return failed({ zh: '媒体网关没有统计', en: 'the relay counted nothing' });
  const each = legs.map(({ leg, lossPercent, jitterMs, roundTripMs }): Words => {
    const { mos, r } = mosCqe({ lossPercent, delayMs: oneWayDelayMs(roundTripMs ?? 0, jitterMs) });
    const [loss, jitter, trip] = [lossPercent.toFixed(2), jitterMs.toFixed(1), roundTripMs?.toFixed(0)];
    const value = `MOS-CQE ${mos.toFixed(2)} (R ${r.toFixed(1)})`;
    return {
      zh: `${byWhom[leg] ?? leg}：${value}，丢包 ${loss} %，抖动 ${jitter} 毫秒，${trip === undefined ? '未报告往返时延' : `往返 ${trip} 毫秒`}`,
      en: `${leg}: ${value}, loss ${loss} %, jitter ${jitter} ms, ${trip === undefined ? 'no round trip reported' : `round trip ${trip} ms`}`,
    };
  });
  return { zh: each.map(({ zh }) => zh).join('；'), en: each.map(({ en }) => en).join('; ') };
}

/** No part of the answered time is lost. */
function wholeRow(row: ProofRow | undefined): Words {
  if (row === undefined) return failed({ zh: '录音台账中没有这通电话', en: 'the ledger has no account of the call' });
  const [recorded, answered] = [(row.recordedMs / 1_000).toFixed(1), (row.answeredMs / 1_000).toFixed(1)];
  const words = {
    zh: `台账序号 ${row.number}：应答 ${answered} 秒，录音 ${recorded} 秒，缺失 ${row.lostMs} 毫秒`,
    en: `number ${row.number}: ${recorded} of ${answered} s recorded, ${row.lostMs} ms lost`,
  };
  return row.lostMs === 0 ? words : failed(words);
}

/** At the edges of a call, one witness may have a few more packets than another. */
const EDGE_PACKETS = 25;

/**
 * The recorder and the relay's capture saw the same; where the relay keeps no capture, its count of the caller's packets is all there is.
 */
function agreement(row: ProofRow | undefined): Words {
  if (row?.recorderPackets === undefined) return failed({ zh: '录音服务没有计数', en: 'the recorder has no count' });
  const { recorderPackets, capturePackets, relayCallerPackets: relayed } = row;
  const counts: Words[] = [
    { zh: `录音服务 ${recorderPackets} 包`, en: `recorder ${recorderPackets} packets` },
    capturePackets === undefined
      ? { zh: '本机无媒体抓包', en: 'no capture on this machine' }
      : { zh: `媒体抓包 ${capturePackets} 包`, en: `capture ${capturePackets}` },
    ...(relayed === undefined ? [] : [{ zh: `媒体网关收到来电者 ${relayed} 包`, en: `relay ${relayed} of the caller` }]),
  ];
  const words = { zh: counts.map(({ zh }) => zh).join('，'), en: counts.map(({ en }) => en).join(', ') };
  return capturePackets !== undefined && Math.abs(recorderPackets - capturePackets) > EDGE_PACKETS ? failed(words) : words;
}

/** Whether each tone fills a second of its own channel and is absent from the other. */
function tonesIn({ caller, agent }: ProofRecording): Words {
  const found = (channel: Int16Array, hertz: number): number => {
    let windows = 0;
    for (let from = 0; from + SAMPLE_RATE / 10 <= channel.length; from += SAMPLE_RATE / 10)
      if (hears(channel.subarray(from, from + SAMPLE_RATE / 10), hertz)) windows += 1;
    return windows / 10;
  };
  const right = [found(caller, CALLER_HZ), found(agent, AGENT_HZ)] as const;
  const crossed = found(caller, AGENT_HZ) + found(agent, CALLER_HZ);
  const [left, other, wrong] = [right[0], right[1], crossed].map((seconds) => seconds.toFixed(1));
  const words = {
    zh: `左声道 ${CALLER_HZ} Hz ${left} 秒，右声道 ${AGENT_HZ} Hz ${other} 秒，串音 ${wrong} 秒`,
    en: `left ${CALLER_HZ} Hz ${left} s, right ${AGENT_HZ} Hz ${other} s, crossed ${wrong} s`,
  };
  return right[0] < 1 || right[1] < 1 || crossed > 0 ? failed(words) : words;
}

import type { CommandBus } from '../shared/contracts/calls/commands.js';
import type { Words } from '../shared/domain/language.js';
import { mosCqe, oneWayDelayMs } from '../shared/domain/mos.js';
import { hears, SAMPLE_RATE } from '../shared/domain/sound/tone.js';
import type { EventOf } from '../shared/events/catalogue.js';
import type { LegVoice, ProofRecording, ProofRow, ProofVoices, ProofWitnesses, RecordingReader } from './ports.js';
import { failed, type Stage } from './proof-stages.js';
import { soon } from './soon.js';
import type { CallId } from '../shared/domain/ids.js';

/** The tone of each side. Into an echo, one is sent after the other. */
export const [CALLER_HZ, AGENT_HZ] = [440, 660];

interface RecordingNeeds {
  readonly commands: CommandBus;
  readonly recordings: RecordingReader;
  readonly witnesses: ProofWitnesses;
  readonly voices: ProofVoices;
  readonly wait: (ms: number) => Promise<void>;
}

/** What remains of the call: the audio, its hash, its measurement and the witnesses agree, and the Object Lock holds. */
export async function recordingHolds(
  { commands, recordings, witnesses, voices, wait }: RecordingNeeds,
  stage: Stage,
  callId: CallId,
  archived: Promise<EventOf<'recording.archived'>>,
  isEcho: boolean,
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
    (read) => (isEcho ? echoIn(read) : tonesIn(read)),
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

/** Chinese words for who speaks on a leg or ends a call; another value is printed as it is. */
export const byWhom: Readonly<Record<string, string>> = { caller: '来电者', agent: '坐席', system: '系统' };

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

/** How many seconds of a channel have this tone. */
function secondsOf(channel: Int16Array, hertz: number): number {
  let windows = 0;
  for (let from = 0; from + SAMPLE_RATE / 10 <= channel.length; from += SAMPLE_RATE / 10)
    if (hears(channel.subarray(from, from + SAMPLE_RATE / 10), hertz)) windows += 1;
  return windows / 10;
}

/** Whether each tone fills a second of its own channel and is absent from the other. */
function tonesIn({ caller, agent }: ProofRecording): Words {
  const right = [secondsOf(caller, CALLER_HZ), secondsOf(agent, AGENT_HZ)] as const;
  const crossed = secondsOf(caller, AGENT_HZ) + secondsOf(agent, CALLER_HZ);
  const [left, other, wrong] = [right[0], right[1], crossed].map((seconds) => seconds.toFixed(1));
  const words = {
    zh: `左声道 ${CALLER_HZ} Hz ${left} 秒，右声道 ${AGENT_HZ} Hz ${other} 秒，串音 ${wrong} 秒`,
    en: `left ${CALLER_HZ} Hz ${left} s, right ${AGENT_HZ} Hz ${other} s, crossed ${wrong} s`,
  };
  return right[0] < 1 || right[1] < 1 || crossed > 0 ? failed(words) : words;
}

/** Whether the last tone fills a second of both channels: as it was sent, and as the carrier's echo sent it back. */
function echoIn({ caller, agent }: ProofRecording): Words {
  const [back, sent] = [secondsOf(caller, AGENT_HZ), secondsOf(agent, AGENT_HZ)];
  const words = {
    zh: `左声道（回声）${AGENT_HZ} Hz ${back.toFixed(1)} 秒，右声道（发出）${AGENT_HZ} Hz ${sent.toFixed(1)} 秒`,
    en: `left (echo) ${AGENT_HZ} Hz ${back.toFixed(1)} s, right (sent) ${AGENT_HZ} Hz ${sent.toFixed(1)} s`,
  };
  return back < 1 || sent < 1 ? failed(words) : words;
}

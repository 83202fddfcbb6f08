import { inWords, type Say, type Words, named } from '../shared/domain/language.js';
import type { ProofCall, StageName } from './ports.js';
import { pairs, small, table, text, type Document } from '../shared/domain/licence/document.js';
import { localTime } from '../shared/domain/time/local-time.js';
import { proofOrigins } from '../shared/domain/proof.js';

const stages: Readonly<Record<StageName, Words>> = {
  'seat-ready': { zh: '测试坐席就绪', en: 'Test seat is ready' },
  'call-answered': { zh: '中心应答来电', en: 'The centre answers the call' },
  'seat-rings': { zh: '坐席振铃', en: 'The seat rings' },
  'seat-answers': { zh: '坐席接听', en: 'The seat answers' },
  'caller-hears-agent': { zh: '来电者听到坐席的音调', en: 'The caller hears the tone of the agent' },
  'agent-hears-caller': { zh: '坐席听到来电者的音调', en: 'The agent hears the tone of the caller' },
  'call-ended': { zh: '通话结束', en: 'The call ends' },
  'recording-stored': { zh: '录音已存入', en: 'The recording is stored' },
  'tones-in-channels': { zh: '音调位于正确的声道', en: 'Each tone is in its own channel' },
  'hash-equal': { zh: '录音摘要一致', en: 'The hashes of the recording are equal' },
  'voice-measured': { zh: '语音质量（MOS-CQE，E-model 估算）', en: 'Voice quality (MOS-CQE, E-model estimate)' },
  'ledger-whole': { zh: '录音台账无缺失', en: 'The ledger lost nothing' },
  'witnesses-agree': { zh: '录音与媒体抓包一致', en: 'Recorder and relay capture agree' },
  'lock-holds': { zh: '锁定的录音不可删改', en: 'A locked recording resists' },
  'played-by-console': { zh: '经控制台地址播放', en: 'Played over the address of the console' },
  'carrier-answers': { zh: '运营商号码应答', en: 'The number of the carrier answers' },
  'echo-heard': { zh: '两个音调先后由运营商回声返回', en: 'Both tones come back from the echo of the carrier' },
};

function wayOf({ over, echo }: Pick<ProofCall, 'over' | 'echo'>, say: Say): string {
  if (over !== undefined)
    return say(`从中继 ${over.trunkId} 呼出，从中继 ${over.inBy} 呼入`, `out by trunk ${over.trunkId}, in by trunk ${over.inBy}`);
  return echo === undefined
    ? say('本机回环，未经运营商线路', 'over the loopback of the machine, and over no line of a carrier')
    : say(
        `从中继 ${echo.trunkId} 呼出，到运营商回声号码 ${echo.number}`,
        `out by trunk ${echo.trunkId} to the carrier's echo number ${echo.number}`,
      );
}

/** The signed text: the same test call gives the same text on any machine. */
export const proofStatement = ({ proofId, at, callId, ok, totalMs, stages: all, origin, over, echo }: ProofCall): string =>
  JSON.stringify({
    proofId,
    at: at.toISOString(),
    callId: callId ?? null,
    ok,
    totalMs,
    origin,
    ...(over === undefined ? {} : { over }),
    ...(echo === undefined ? {} : { echo }),
    stages: all.map(({ name, ok: good, ms, detail }) => ({ name, ok: good, ms, detail })),
  });

/** 拨测单: one test call on one sheet, with the signature over its statement. */
export const proofSheet = (
  proof: ProofCall,
  signed: { readonly statementSha256: string; readonly signature: string; readonly fingerprint: string },
  zone: string,
  say: Say,
): Document => ({
  id: 'proof-sheet',
  fileName: say('拨测单', 'proof-call'),
  title: say('拨测单', 'Proof call'),
  forms: ['pdf'],
  blocks: [
    text(
      proof.echo === undefined
        ? say(
            '系统拨入一通电话，由无界面坐席接听，双向发送不同音调，挂断后等待录音归档，并逐段核对。',
            'A call came in; a seat without a screen answered it, each side sent its own tone, and after the hang-up the archived recording was checked.',
          )
        : say(
            '无界面坐席经运营商线路呼出到其回声号码，先后发送两个音调并听到返回，挂断后等待录音归档，并逐段核对。',
            "A seat without a screen called the carrier's echo number over its line, sent two tones and heard them come back, and after the hang-up the archived recording was checked.",
          ),
    ),
    pairs(
      [say('编号', 'Number'), proof.proofId],
      [say('时间', 'At'), `${localTime(proof.at.getTime(), zone)} (${zone})`],
      [say('呼叫编号（据此可播放录音）', 'Call, under which the recording is played'), proof.callId ?? '—'],
      [say('发起', 'Origin'), named(proofOrigins, proof.origin, say)],
      [say('线路', 'Way'), wayOf(proof, say)],
      [say('结果', 'Result'), proof.ok ? say('全部成功', 'every stage good') : say('未通过', 'not passed')],
      [say('总用时（毫秒）', 'Took (ms)'), String(Math.round(proof.totalMs))],
    ),
    table(
      [say('阶段', 'Stage'), say('结果', 'Result'), say('用时（毫秒）', 'Took (ms)'), say('读数', 'Reading')],
      proof.stages.map(({ name, ok, ms, detail, detailZh = detail }) => [
        inWords(stages[name], say),
        ok ? say('成功', 'good') : say('失败', 'failed'),
        String(Math.round(ms)),
        say(detailZh, detail),
      ]),
      { title: say('各阶段', 'Stages'), widths: [2.4, 0.8, 1, 3] },
    ),
    small(`${say('签名内容 SHA-256', 'SHA-256 of what is signed')} ${signed.statementSha256}`),
    small(`${say('签名 Ed25519', 'Signature, Ed25519')} ${signed.signature}`),
    small(`${say('签名公钥指纹', 'Fingerprint of the signing key')} ${signed.fingerprint}`),
    {
      kind: 'signature',
      lines: [
        say('演示人：____________________', 'Demonstrator: ____________________'),
        say('检查人员：____________________', 'Inspector: ____________________'),
      ],
    },
  ],
});

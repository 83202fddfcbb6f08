import type { Words } from '../shared/domain/language.js';
import { mosCqe, oneWayDelayMs } from '../shared/domain/mos.js';
import type { LegVoice } from './ports.js';
import type { TrunkTestLine } from '../shared/contracts/trunks/trunk-test.js';
import type { TrunkState } from '../shared/contracts/trunks/trunk-state.js';
import type { TrunkId } from '../shared/domain/ids.js';

// The words for each line of a trunk test, and for the carrier when a line is not good. Pure.

export type Said = Omit<TrunkTestLine, 'name'>;

/** From this value on people notice nothing (ITU-T G.107: R 80 and more, "satisfied"). */
const GOOD_MOS = 4.03;

const good = (en: string, zh: string): Said => ({ verdict: 'good', seen: { en, zh } });
const bad = (seen: Words, tell: Words): Said => ({ verdict: 'bad', seen, tell });

export const notReached: Said = { verdict: 'skipped', seen: { en: 'not reached', zh: '未进行到' } };

export function optionsLine(state: TrunkState | undefined): Said {
  if (state === undefined || state.ways.length === 0)
    return bad(
      { en: 'the trunk is off, or has no address to which calls go', zh: '中继未启用，或未填写呼出地址' },
      { en: 'Switch the trunk on and enter the address of the sheet.', zh: '请启用中继，并按开通单填写呼出地址。' },
    );
  const [all, up, asked] = [
    state.ways.length,
    ...(['up', 'unknown'] as const).map((each) => state.ways.filter((way) => way.state === each).length),
  ];
  if (up === all) return good(`${up} of ${all} addresses answer`, `${all} 个地址中 ${up} 个应答`);
  const ignoring = state.ways.filter((way) => way.state === 'no-options').length;
  if (ignoring > 0 && ignoring + (up ?? 0) === all)
    return {
      verdict: 'unknown',
      seen: {
        en: `${ignoring} of ${all} addresses do not answer OPTIONS; calls go through`,
        zh: `${all} 个地址中 ${ignoring} 个不应答 OPTIONS，通话正常`,
      },
      tell: {
        en: 'Your SBC accepts our calls but does not answer our OPTIONS. If it can answer them, please switch that on: then we leave a dead address before a call finds it.',
        zh: '贵方 SBC 可接续我方呼叫，但不应答 OPTIONS 探测。如可应答请开启，以便在呼叫之前避开不通的地址。',
      },
    };
  if (asked === all) return { verdict: 'unknown', seen: { en: 'not asked yet', zh: '尚未探测' } };
  return bad(
    { en: `${up ?? 0} of ${all} addresses answer`, zh: `${all} 个地址中 ${up ?? 0} 个应答` },
    {
      en: 'Our OPTIONS gets no answer. Please check that our address is on your list, that the port and the transport are right, and that your SBC answers OPTIONS.',
      zh: '我方 OPTIONS 探测无应答：请核对我方地址是否已加入白名单、端口与传输方式是否一致、贵方 SBC 是否应答 OPTIONS。',
    },
  );
}

export function registrationLine(state: TrunkState | undefined): Said {
  const registration = state?.registration;
  if (registration === undefined) return { verdict: 'skipped', seen: { en: 'this trunk does not register', zh: '该中继不需要注册' } };
  if (registration === 'registered') return good('registered', '已注册');
  return bad(
    { en: `not registered (${registration})`, zh: `未注册（${registration}）` },
    registration === 'not-allowed'
      ? { en: 'Name and password of the account are refused. Please check both.', zh: '账号或密码被拒绝，请核对。' }
      : {
          en: 'REGISTER is not answered with 200. Please check it at your registrar.',
          zh: 'REGISTER 未得到 200 应答，请在贵方注册服务器上查看。',
        },
  );
}

/** Words by the cause of the call's end. */
const causes: Readonly<Record<string, Words>> = {
  'far-busy': { en: 'the test number is busy', zh: '测试号码占线' },
  'far-no-answer': { en: 'the test number did not answer in 30 s', zh: '测试号码 30 秒内未应答' },
  'far-unreachable': { en: 'the carrier did not accept the call', zh: '运营商未接受呼叫' },
  'carrier-silent': { en: 'the carrier said nothing at all, not even 100', zh: '运营商无任何响应，连 100 也没有' },
  'no-common-codec': { en: 'no codec in common (488)', zh: '编解码不一致（488）' },
  'trunk-not-allowed': { en: 'the carrier refused the call (401, 403)', zh: '运营商拒绝呼叫（401、403）' },
};

export const callRefused = (cause: string, sipStatus?: number): Said => {
  const status = sipStatus === undefined || sipStatus === 0 ? '' : ` (SIP ${sipStatus})`;
  const known = causes[cause] ?? { en: cause, zh: cause };
  return bad(
    { en: `${known.en}${status}`, zh: `${known.zh}${status}` },
    {
      en: 'Our call to the test number does not get through. Please look it up by our number and the time, and tell us which status your side sent and why.',
      zh: '我方呼叫测试号码未接通：请按外显号码与时间查询，告知贵方返回的状态码及原因。',
    },
  );
};

/** Words for why nothing was dialled, by the code of the failure. */
const refusals: Readonly<Record<string, Words>> = {
  'outbound-destination': {
    en: 'the number is neither ours nor on the register of destinations',
    zh: '该号码既非本方号码，也未在“外部转接目的地”台账中',
  },
  'outbound-kind': { en: 'numbers of this kind may not be called', zh: '不允许呼叫此类号码' },
  'outbound-not-dialable': { en: 'this number cannot be dialled', zh: '该号码无法拨打' },
  'outbound-number': {
    en: 'no number of this trunk may be shown: see the registers of numbers and trunks',
    zh: '该中继没有可外显的号码：请查看号码登记和中继登记',
  },
  'outbound-stopped': { en: 'calling out is stopped', zh: '外呼已停止' },
  'outbound-do-not-call': { en: 'the number is on the do-not-call list', zh: '该号码在禁呼名单中' },
  'outbound-ceiling': { en: 'the daily limit is reached', zh: '已达当日上限' },
  'wrong-state': { en: 'callers use this number: choose one that is not in service', zh: '该号码正在接听来电：请选择未启用的号码' },
};

export const notDialled = (code: string): Said => ({
  verdict: 'bad',
  seen: refusals[code] ?? { en: `the test could not continue (${code})`, zh: `测试未能进行（${code}）` },
});

/** Why a proof call did not get through: by the cause of its end, or by the code of the failure with which nothing was dialled. */
export const callOutEnded = (cause: string): Words => callRefused(cause).seen;
export const callOutNotDialled = (code: string): Words => notDialled(code).seen;

export const notBackIn = (trunkId: TrunkId): Said =>
  bad(
    { en: `it was answered, but did not come in by ${trunkId}`, zh: `已应答，但未从中继 ${trunkId} 呼入` },
    {
      en: 'The call to our number does not reach us. Please check where the number leads, and our address there.',
      zh: '呼叫我方号码未送达我方：请核对该号码的落地路由和我方地址。',
    },
  );

export const answered = (ms: number, inBy: string | undefined): Said =>
  inBy === undefined
    ? good(`answered after ${ms} ms`, `${ms} 毫秒后应答`)
    : good(`answered after ${ms} ms, in by ${inBy}`, `${ms} 毫秒后应答，从中继 ${inBy} 呼入`);

/** `seen`: the caller's number as the far side reads it, in normal form; undefined when only the carrier can say. */
export function identityLine(shown: string, seen: string | undefined): Said {
  if (seen === undefined)
    return {
      verdict: 'unknown',
      seen: { en: `we show ${shown}; the carrier's number does not say what it sees`, zh: `我方外显 ${shown}；运营商测试号码不告知其所见` },
      tell: {
        en: `Which number do you see as the caller of our test? It must be ${shown}.`,
        zh: `请告知测试呼叫中贵方看到的主叫号码，应为 ${shown}。`,
      },
    };
  if (seen === shown) return good(`the far side sees ${shown}`, `对端看到 ${shown}`);
  const what = seen === 'anonymous' ? { en: 'no number', zh: '无号码' } : { en: seen, zh: seen };
  return bad(
    { en: `the far side sees ${what.en}, we show ${shown}`, zh: `对端看到 ${what.zh}，我方外显 ${shown}` },
    {
      en: `Please pass ${shown} on as the caller (From and P-Asserted-Identity), or say in which form and header you read it.`,
      zh: `请透传主叫 ${shown}（From 与 P-Asserted-Identity），或告知贵方读取主叫的标头和号码格式。`,
    },
  );
}

export function keysLine(sent: string, heard: string, isEcho: boolean): Said {
  if (heard === sent) return good(`${sent} arrived`, `${sent} 已收到`);
  if (isEcho)
    return {
      verdict: 'unknown',
      seen: { en: 'the echo brings no keys back', zh: '回声号码不返回按键' },
      tell: { en: `Did your test number receive the keys ${sent}?`, zh: `请确认测试号码是否收到按键 ${sent}。` },
    };
  return bad(
    { en: `${sent} was sent, ${heard === '' ? 'nothing' : heard} arrived`, zh: `发送 ${sent}，收到 ${heard === '' ? '空' : heard}` },
    {
      en: 'Keys are lost. Please carry telephone-event (RFC 4733), payload type as offered, on the whole way.',
      zh: '按键丢失：请全程透传 telephone-event（RFC 4733），载荷类型以协商为准。',
    },
  );
}

export const soundLine = (outMs: number | undefined, inMs: number | undefined): Said =>
  outMs !== undefined && inMs !== undefined
    ? good(
        `heard there after ${Math.round(outMs)} ms, here after ${Math.round(inMs)} ms`,
        `对端 ${Math.round(outMs)} 毫秒、本端 ${Math.round(inMs)} 毫秒后听到`,
      )
    : bad(
        {
          en:
            outMs === undefined
              ? inMs === undefined
                ? 'no media either way'
                : 'no media towards the carrier'
              : 'no media from the carrier',
          zh: outMs === undefined ? (inMs === undefined ? '双向无声' : '去向运营商无声') : '来自运营商无声',
        },
        {
          en: 'RTP does not flow. Please check your firewall, and whether your media comes from the address in your SDP.',
          zh: 'RTP 不通：请检查贵方防火墙，以及媒体是否来自 SDP 所述地址。',
        },
      );

export const holdLine = (backMs: number | undefined): Said =>
  backMs === undefined
    ? bad(
        { en: 'no media after the hold', zh: '保持恢复后无声' },
        {
          en: 'After a media pause, RTP does not resume. Please check your media timeout.',
          zh: '静音后 RTP 未恢复：请检查贵方媒体超时设置。',
        },
      )
    : good(`media is back after ${Math.round(backMs)} ms`, `恢复后 ${Math.round(backMs)} 毫秒有声`);

/** MOS-CQE of the legs to the carrier. A missing round trip counts as 0, and the line says so. */
export function qualityLine(legs: readonly LegVoice[], seconds: number): Said {
  const measured = legs.filter(({ leg }) => leg === 'caller');
  if (measured.length === 0) return { verdict: 'unknown', seen: { en: 'the relay counted nothing', zh: '媒体网关没有统计' } };
  const figures = measured.map(({ lossPercent, jitterMs, roundTripMs }) => ({
    mos: mosCqe({ lossPercent, delayMs: oneWayDelayMs(roundTripMs ?? 0, jitterMs) }).mos,
    text: {
      en: `loss ${lossPercent.toFixed(2)} %, jitter ${jitterMs.toFixed(1)} ms`,
      zh: `丢包 ${lossPercent.toFixed(2)} %，抖动 ${jitterMs.toFixed(1)} 毫秒`,
    },
    trip: roundTripMs,
  }));
  const [worst] = figures.toSorted((a, b) => a.mos - b.mos);
  if (worst === undefined) return notReached;
  const trip =
    worst.trip === undefined
      ? { en: 'no round trip reported', zh: '未报告往返时延' }
      : { en: `round trip ${worst.trip.toFixed(0)} ms`, zh: `往返 ${worst.trip.toFixed(0)} 毫秒` };
  const seen = {
    en: `${seconds} s, MOS-CQE ${worst.mos.toFixed(2)}, ${worst.text.en}, ${trip.en}`,
    zh: `${seconds} 秒，MOS-CQE ${worst.mos.toFixed(2)}，${worst.text.zh}，${trip.zh}`,
  };
  return worst.mos >= GOOD_MOS
    ? { verdict: 'good', seen }
    : bad(seen, {
        en: 'Packets are lost or late on the way. Please measure the line between your media gateway and us.',
        zh: '线路丢包或抖动偏大：请测试贵方媒体网关至我方的线路。',
      });
}

export const notAnsweredIn = (ms: number): Words => ({ zh: `${ms / 1_000} 秒内未应答`, en: `not answered in ${ms / 1_000} s` });

/** What became of a call that left over a trunk. */
export const outBy = (trunkId: TrunkId, { zh, en }: Words): Words => ({
  zh: `从中继 ${trunkId} 呼出：${zh}`,
  en: `out by trunk ${trunkId}: ${en}`,
});

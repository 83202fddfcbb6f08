import { type Block, type Document, heading, ofFigures, ofTimes, small, table, text } from '../../shared/domain/licence/document.js';
import { type Say, named } from '../../shared/domain/language.js';
import type { ProofRow } from '../quality/call-row.js';
import { showFigure } from './format.js';
import { localDate, localTime } from '../../shared/domain/time/local-time.js';
import type { PackFacts } from './pack-facts.js';
import { proofOrigins } from '../../shared/domain/proof.js';

/** Longer periods are printed by month: nobody reads a line for each day of a year. */
const MOST_DAYS = 92;
const MOST_FAILURES = 200;
const NEWEST = 40;
/** What stands in a row in place of the trunk by which a call comes in; a trunk has no such id. */
const ECHO = '(echo)';

/** Availability from the caller's side: the test calls by day, the failed ones, and the newest. */
export function proofDocument(facts: PackFacts, say: Say): Document {
  const { proofs, zone } = facts;
  const failed = proofs.filter(({ ok }) => !ok);
  const days = new Set(proofs.map(({ atMs }) => localDate(atMs, zone)));
  const byDay = days.size <= MOST_DAYS;
  return {
    id: 'proof-calls',
    fileName: say('13-拨测记录', '13-proof-calls'),
    title: say('拨测记录', 'Proof calls'),
    forms: ['pdf', 'xlsx'],
    blocks: [
      text(
        say(
          '拨测由系统发起，经语音导航、排队、坐席、双向通话到录音归档，逐段核对。每 15 分钟一次的拨测经本机回环，未经运营商线路；人工选定线路的，下表与其拨测单写明经由的中继。每次拨测时另查各中继：当时不通，或自上一次拨测以来不通达 10 秒的，该次不计为可用；不应答 OPTIONS 探测而呼叫可接通的中继不属不通。',
          'A proof call goes through menu, queue, seat and voice both ways to the archived recording; each stage is checked. Those of every 15 minutes go over the loopback of the machine and over no line of a carrier; the table below and the sheet of one for which somebody chose a line name its trunks. At each of them the trunks are looked at too: when one is down then, or was for 10 s and more since the proof call before, the call does not count as available. A trunk that does not answer OPTIONS and takes calls is not down.',
        ),
      ),
      small(say('全部记录见 rows/proofs.csv。', 'All of them stand in rows/proofs.csv.')),
      ...facts.figures
        .filter(({ formula, group }) => formula === 'availability' && group === 'all')
        .map((figure) =>
          text(
            say(
              `${figure.month}：${figure.denominator} 次拨测，${figure.numerator} 次成功且各中继均通，可用率 ${showFigure(figure, say)}。`,
              `${figure.month}: ${figure.numerator} of ${figure.denominator} succeeded with no trunk down, availability ${showFigure(figure, say)}.`,
            ),
          ),
        ),
      heading(byDay ? say('一、按日', '1. By day') : say('一、按月', '1. By month')),
      table(
        [
          byDay ? say('日期', 'Day') : say('月份', 'Month'),
          ofFigures(say('次数', 'Calls')),
          ofFigures(say('成功', 'Succeeded')),
          ofFigures(say('失败', 'Failed')),
          ofFigures(say('平均用时（秒）', 'Mean time (s)')),
          ofFigures(say('最长用时（秒）', 'Longest (s)')),
        ],
        summaryOf(proofs, ({ atMs }) => localDate(atMs, zone).slice(0, byDay ? 10 : 7)),
        { title: say('拨测汇总', 'Summary of the proof calls') },
      ),
      ...wayBlocks(proofs, say),
      ...downBlocks(proofs, say),
      heading(say('二、失败的拨测', '2. Proof calls that failed')),
      callTable(
        failed.slice(-MOST_FAILURES),
        say(`失败记录（至多列出最近 ${MOST_FAILURES} 次）`, `Failures (the newest ${MOST_FAILURES} at most)`),
        zone,
        say,
      ),
      heading(say('三、最近的拨测', '3. Newest proof calls')),
      callTable(proofs.slice(-NEWEST), say(`最近记录（至多 ${NEWEST} 次）`, `Newest calls (${NEWEST} at most)`), zone, say),
    ],
  };
}

/** How often each trunk was down at a test call, or since the previous one. */
export function downBlocks(proofs: readonly ProofRow[], say: Say): Block[] {
  const downs = new Map<string, number>();
  for (const { linesDown } of proofs)
    for (const trunkId of linesDown.split(';')) if (trunkId !== '') downs.set(trunkId, (downs.get(trunkId) ?? 0) + 1);
  if (downs.size === 0) return [];
  return [
    table(
      [say('中继', 'Trunk'), ofFigures(say('不通次数', 'Proof calls with it down')), ofFigures(say('拨测次数', 'Proof calls'))],
      [...downs].sort(([a], [b]) => a.localeCompare(b)).map(([trunkId, times]) => [trunkId, String(times), String(proofs.length)]),
      { title: say('运营商线路不通', "Carriers' lines that were down") },
    ),
  ];
}

/** Which lines the proof calls went over. */
export function wayBlocks(proofs: readonly ProofRow[], say: Say): Block[] {
  const ways = new Map<string, { calls: number; good: number }>();
  for (const { over, ok } of proofs) {
    const way = ways.get(over) ?? { calls: 0, good: 0 };
    ways.set(over, { calls: way.calls + 1, good: way.good + (ok ? 1 : 0) });
  }
  if (ways.size === 0) return [];
  return [
    table(
      [say('线路', 'Way'), ofFigures(say('拨测次数', 'Proof calls')), ofFigures(say('成功', 'Succeeded'))],
      [...ways].sort(([a], [b]) => a.localeCompare(b)).map(([over, { calls, good }]) => [wayText(over, say), String(calls), String(good)]),
      { title: say('拨测经由的线路', 'Lines of the proof calls'), widths: [4, 1, 1] },
    ),
  ];
}

/** The line of a proof call in words; the row has `OUT>IN` or `OUT>(echo)`, or nothing. */
function wayText(over: string, say: Say): string {
  const [trunkId = '', inBy = ''] = over.split('>');
  if (over === '') return say('本机回环，未经运营商线路', 'the loopback of the machine, and no line of a carrier');
  return inBy === ECHO
    ? say(`从中继 ${trunkId} 呼出，到运营商回声号码`, `out by trunk ${trunkId} to the carrier's echo number`)
    : say(`从中继 ${trunkId} 呼出，从中继 ${inBy} 呼入`, `out by trunk ${trunkId}, in by trunk ${inBy}`);
}

function summaryOf(proofs: readonly ProofRow[], periodOf: (proof: ProofRow) => string): string[][] {
  const periods = new Map<string, ProofRow[]>();
  for (const proof of proofs) {
    const period = periodOf(proof);
    const calls = periods.get(period);
    if (calls === undefined) periods.set(period, [proof]);
    else calls.push(proof);
  }
  return [...periods].map(([period, calls]) => lineOf(period, calls));
}

function lineOf(period: string, calls: readonly ProofRow[]): string[] {
  const good = calls.filter(({ ok }) => ok).length;
  const seconds = calls.map(({ totalMs }) => totalMs / 1_000);
  const mean = seconds.reduce((sum, each) => sum + each, 0) / seconds.length;
  const longest = seconds.reduce((most, each) => Math.max(most, each), 0);
  return [period, String(calls.length), String(good), String(calls.length - good), mean.toFixed(1), longest.toFixed(1)];
}

const callTable = (calls: readonly ProofRow[], title: string, zone: string, say: Say): Document['blocks'][number] =>
  table(
    [
      ofTimes(say('时间', 'At')),
      say('来源', 'Origin'),
      say('结果', 'Result'),
      say('线路', 'Way'),
      say('不通的中继', 'Trunks down'),
      ofFigures(say('总用时（秒）', 'Took (s)')),
      say('编号', 'Number'),
    ],
    calls.map((proof) => [
      localTime(proof.atMs, zone),
      named(proofOrigins, proof.origin, say),
      proof.ok ? say('成功', 'good') : say('失败', 'failed'),
      wayText(proof.over, say),
      proof.linesDown.replaceAll(';', ' ') || '—',
      (proof.totalMs / 1_000).toFixed(1),
      proof.proofId,
    ]),
    { title, widths: [2, 1.1, 0.9, 2.2, 1.4, 1.2, 2.6] },
  );

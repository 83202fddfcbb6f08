import { listed, type Say } from '../../shared/domain/language.js';
import { jumpsDiffer } from '../pack/clock-jumps.js';
import type { PackFacts } from './pack-facts.js';

/** The time source of the sealed days and the jumps of the clock, as the sheets have them. */
export function clockLine({ sheets }: Pick<PackFacts, 'sheets'>, say: Say): string {
  const clocks = sheets.flatMap(({ clock }) => clock ?? []);
  if (sheets.length === 0) return say('本包没有已封存的日结表', 'This pack has no sealed day sheet');
  if (clocks.length === 0) return say('日结表未记录时钟来源', 'The day sheets do not name the source of the time');
  const known = clocks.filter(({ source }) => source !== 'none');
  const sources = listed([...new Set(known.map(({ source }) => source))], say);
  const without = clocks.length - known.length;
  const jumps = clocks.reduce((sum, clock) => sum + clock.jumps.length + clock.moreJumps, 0);
  return say(
    `${clocks.length} 张日结表记录了时钟来源${known.length === 0 ? '' : `（${sources}）`}，其中 ${without} 张封存时无已同步的授时来源；时钟跳变 ${jumps} 次（见 sheets.json）`,
    `${clocks.length} day sheets name the source of the time${known.length === 0 ? '' : ` (${sources})`}; ${without} were sealed without a synchronised one; the clock jumped ${jumps} times (sheets.json)`,
  );
}

/** The jumps that no sheet carries yet, and whether they are those of the audit log; said even when there are none. */
export function openClockLine({ clockJumps, sheets }: Pick<PackFacts, 'clockJumps' | 'sheets'>, say: Say): string {
  const { removed, unaudited } = jumpsDiffer(clockJumps, sheets);
  const many = clockJumps.open.length;
  const open =
    many === 0
      ? say('没有尚未封存的时钟跳变记录', 'No jump of the clock is stored that no day sheet carries yet')
      : say(
          `时钟跳变 ${many} 次，尚未列入日结表，未封存日的时刻可能不准（见 clock-jumps.json）`,
          `The clock jumped ${many} times, and no day sheet carries that yet: times of days that are not sealed may be wrong (clock-jumps.json)`,
        );
  if (removed.length + unaudited.length === 0) return say(`${open}。`, `${open}.`);
  return say(
    `${open}。与审计日志不符：${removed.length} 次仅见于审计日志，${unaudited.length} 次不见于审计日志，记录曾被改动。`,
    `${open}. The audit log disagrees: ${removed.length} stand there alone, ${unaudited.length} do not stand there. The record was tampered with.`,
  );
}

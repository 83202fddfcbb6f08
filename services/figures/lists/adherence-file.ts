import { ADHERENCE_TOLERANCE_MS, shiftFigureKeys, shiftFigures } from '../../shared/domain/figures/adherence.js';
import { inWords, type Say } from '../../shared/domain/language.js';
import type { ListContent, ListNames } from '../files/list-file.js';
import type { ListColumn } from '../files/list-sheet.js';
import { adherenceTotal, type AdherenceDay, type AdherenceList, type AdherenceSums } from './adherence.js';

const time = (zh: string, en: string, key: keyof AdherenceSums): ListColumn<AdherenceDay> => ({
  head: [zh, en],
  kind: 'clock',
  cell: (day) => day[key] / 1_000,
  total: (days) => days.reduce((sum, day) => sum + day[key], 0) / 1_000,
});

/** The days of agents as a file: the same numbers as on the page. */
export function adherenceContent({ days, faults }: AdherenceList, { agent, timeText }: ListNames, say: Say): ListContent<AdherenceDay> {
  const clock = (atMs: number): string => timeText(atMs).slice(11, 16);
  return {
    title: ['排班遵守情况', 'Adherence to shifts'],
    rows: days,
    columns: [
      { head: ['日期', 'Day'], kind: 'text', cell: ({ date }) => date },
      { head: ['坐席', 'Agent'], kind: 'text', cell: ({ agentId }) => agent(agentId) },
      {
        head: ['班次', 'Shifts'],
        kind: 'text',
        cell: ({ shifts }) => shifts.map(({ fromMs, untilMs }) => `${clock(fromMs)}–${clock(untilMs)}`).join(say('、', ', ')),
      },
      time('排班时长', 'Planned', 'plannedMs'),
      time('在岗时长', 'Present', 'presentMs'),
      time('其中小休、离开', 'Of it break and away', 'pausedMs'),
      time('在班时长', 'At work', 'workedMs'),
      time('其中班次内', 'Of it within shifts', 'workedInShiftMs'),
      time('迟到', 'Late', 'lateMs'),
      time('早退', 'Left early', 'earlyMs'),
      time('其他缺勤', 'Absent otherwise', 'absentMs'),
      time('排班外签入', 'Signed in outside shifts', 'unplannedMs'),
      ...shiftFigureKeys.map((key): ListColumn<AdherenceDay> => ({
        head: [shiftFigures[key].name.zh, shiftFigures[key].name.en],
        kind: 'percent',
        cell: (day) => day[key].value,
        total: (rows) => adherenceTotal(rows)[key].value,
      })),
    ],
    foot: (speak) => [
      speak(
        `排班取自台账当前内容。不超过 ${String(ADHERENCE_TOLERANCE_MS / 60_000)} 分钟的缺勤不计。`,
        `The shifts are those of the register as they stand now. Gaps of up to ${String(ADHERENCE_TOLERANCE_MS / 60_000)} minutes do not count.`,
      ),
      ...(faults.length === 0
        ? []
        : [
            speak(
              `${String(faults.length)} 条排班未能判断（账号不存在或时间有误）。`,
              `${String(faults.length)} shifts could not be judged: the account does not exist, or the times are wrong.`,
            ),
          ]),
    ],
    formulas: shiftFigureKeys.map((key) => [
      inWords(shiftFigures[key].name, say),
      inWords(shiftFigures[key].text, say),
      say('百分比', 'percent'),
      String(1 + shiftFigures[key].changes.length),
    ]),
  };
}

import { breach, warning, type Finding } from '../finding.js';
import { flagOf, rowsOf, textOf, type LicenceFile, type LicenceRow } from '../licence-file.js';
import type { Say } from '../../shared/domain/language.js';
import { addDays, type CalendarDate } from './calendar-date.js';
import { cite } from './basis.js';

const HOUR_MS = 3_600_000;
/** 网络数据安全管理条例 Art. 10: told within 24 hours of its being found. */
const TELL_WITHIN_MS = 24 * HOUR_MS;
/** Our figure: a restore is tried each quarter (item 60). */
const RESTORE_TEST_DAYS = 92;
/** Our figure: a defect marked high or critical is mended within so many days, unless its row names a date (item 61). */
const PATCH_WITHIN_DAYS = 30;

interface SecurityContext {
  readonly now: Date;
  readonly today: CalendarDate;
  readonly say: Say;
}

const timeOf = (row: LicenceRow, key: string): number => Date.parse(textOf(row, key));

/** Milliseconds left until an incident must have been reported; undefined when it need not be, or has been. */
export function reportLeftMs(incident: LicenceRow, now: Date): number | undefined {
  if (!flagOf(incident, 'within24h') || textOf(incident, 'authorityToldAt') !== '') return undefined;
  return timeOf(incident, 'detectedAt') + TELL_WITHIN_MS - now.getTime();
}

/** What the security registers say is late or missing: items 60-62, 64, 65, 67. Pure. */
export function checkSecurity(file: LicenceFile, context: SecurityContext): Finding[] {
  return [...incidents(file, context), ...keeping(file, context), ...processing(file, context), ...authorities(file, context)];
}

function incidents(file: LicenceFile, { now, say }: SecurityContext): Finding[] {
  return rowsOf(file, 'incidents').flatMap((row): Finding[] => {
    const left = reportLeftMs(row, now);
    const toldAt = timeOf(row, 'authorityToldAt');
    const late = flagOf(row, 'within24h') && toldAt > timeOf(row, 'detectedAt') + TELL_WITHIN_MS;
    const basis = cite('data-10-11', say);
    return [
      ...(left === undefined
        ? []
        : left < 0
          ? [
              breach(
                'incident-24h',
                row.key,
                say(
                  `安全事件 ${row.key} 已超过 24 小时未报告主管部门。`,
                  `Incident ${row.key} was not reported to the authority within 24 hours.`,
                ),
                basis,
              ),
            ]
          : [
              warning(
                'incident-24h',
                row.key,
                say(
                  `安全事件 ${row.key} 须在 ${Math.ceil(left / HOUR_MS)} 小时内报告主管部门。`,
                  `Incident ${row.key} has to be reported to the authority within ${Math.ceil(left / HOUR_MS)} hours.`,
                ),
                basis,
              ),
            ]),
      ...(late
        ? [
            breach(
              'incident-24h',
              row.key,
              say(`安全事件 ${row.key} 的报告晚于 24 小时。`, `Incident ${row.key} was reported after more than 24 hours.`),
              basis,
            ),
          ]
        : []),
      ...(textOf(row, 'kind') === 'data-leak' && textOf(row, 'peopleToldAt') === '' && textOf(row, 'peopleNotToldWhy') === ''
        ? [
            breach(
              'incident-people',
              row.key,
              say(
                `安全事件 ${row.key} 未通知个人，也未写明不通知的理由。`,
                `Of incident ${row.key} people were not told, nor is it written why not.`,
              ),
              cite('personal-57', say),
            ),
          ]
        : []),
    ];
  });
}

function keeping(file: LicenceFile, { today, say }: SecurityContext): Finding[] {
  const newest = rowsOf(file, 'restoreTests')
    .filter((row) => flagOf(row, 'ok'))
    .map((row) => textOf(row, 'testedOn'))
    .sort()
    .at(-1);
  const late = newest === undefined || addDays(newest, RESTORE_TEST_DAYS) < today;
  const why =
    newest === undefined
      ? say('没有成功的恢复测试记录。', 'There is no restore test that succeeded.')
      : say(
          `最近一次成功的恢复测试为 ${newest}，已超过一个季度。`,
          `The last restore that succeeded was on ${newest}, more than a quarter ago.`,
        );
  return [
    ...(late ? [warning('restore-test', 'restoreTests', why, cite('cyber-23-4', say))] : []),
    ...rowsOf(file, 'patches').flatMap((row): Finding[] => {
      if (textOf(row, 'fixedOn') !== '' || !['high', 'critical'].includes(textOf(row, 'severity'))) return [];
      const due = textOf(row, 'dueOn') || addDays(textOf(row, 'foundOn'), PATCH_WITHIN_DAYS);
      return due < today
        ? [
            breach(
              'patch-overdue',
              row.key,
              say(`漏洞 ${row.key} 应于 ${due} 前修复。`, `Vulnerability ${row.key} was to be mended by ${due}.`),
              cite('cyber-23-2', say),
            ),
          ]
        : [];
    }),
  ];
}

function processing(file: LicenceFile, { today, say }: SecurityContext): Finding[] {
  const records = rowsOf(file, 'entrustedProcessing');
  const recorded = new Set(records.map((row) => textOf(row, 'clientId')));
  return [
    ...rowsOf(file, 'clients').flatMap((client) =>
      textOf(client, 'state') === 'active' && !recorded.has(client.key)
        ? [
            warning(
              'processing-record',
              client.key,
              say(`委托单位 ${client.key} 没有委托处理记录。`, `Client ${client.key} has no record of entrusted processing.`),
              cite('data-12', say),
            ),
          ]
        : [],
    ),
    ...records.flatMap((row) => {
      const until = textOf(row, 'until');
      return until !== '' && until < today && textOf(row, 'returnedOn') === ''
        ? [
            breach(
              'processing-return',
              row.key,
              say(
                `委托处理 ${row.key} 已于 ${until} 结束，未见返还或删除记录。`,
                `Processing ${row.key} ended on ${until}; no return or deletion is recorded.`,
              ),
              cite('data-12', say),
            ),
          ]
        : [];
    }),
    ...rowsOf(file, 'impactAssessments').flatMap((row) => {
      const review = textOf(row, 'reviewOn');
      return review !== '' && review < today
        ? [
            warning(
              'assessment-review',
              row.key,
              say(`影响评估 ${row.key} 应于 ${review} 复评。`, `Impact assessment ${row.key} was to be done again on ${review}.`),
              cite('personal-55-56', say),
            ),
          ]
        : [];
    }),
  ];
}

/** Our figure: a request that nobody answered within a week is shown. */
const ANSWER_WITHIN_MS = 7 * 24 * HOUR_MS;

function authorities(file: LicenceFile, { now, say }: SecurityContext): Finding[] {
  return rowsOf(file, 'authorityRequests').flatMap((row) =>
    textOf(row, 'answeredAt') === '' && timeOf(row, 'receivedAt') + ANSWER_WITHIN_MS < now.getTime()
      ? [
          warning(
            'authority-request',
            row.key,
            say(`机关调取 ${row.key} 收到一周后仍未答复。`, `Request ${row.key} of an authority is unanswered after a week.`),
            cite('authority-requests', say),
          ),
        ]
      : [],
  );
}

import { breach, warning, type Finding } from '../../shared/domain/licence/finding.js';
import { flagOf, rowsOf, textOf, type LicenceFile, type LicenceRow } from '../../shared/domain/licence/licence-file.js';
import type { Say } from '../../shared/domain/language.js';
import { addDays, type CalendarDate } from '../../shared/domain/time/calendar-date.js';
import { cite, limit, limitOn } from '../../shared/domain/licence/rules/rule-book.js';

const HOUR_MS = 3_600_000;
/** A restore must be tested every quarter (item 60). */
const RESTORE_TEST_DAYS = limit('house-rule', 'restoreTestDays');
/** A defect marked high or critical must be fixed within this many days, unless its row names a date (item 61). */
const PATCH_WITHIN_DAYS = limit('house-rule', 'patchWithinDays');

interface SecurityContext {
  readonly now: Date;
  readonly today: CalendarDate;
  /** The date of the site at an instant. */
  readonly dateOf: (atMs: number) => CalendarDate;
  readonly say: Say;
}

const timeOf = (row: LicenceRow, key: string): number => Date.parse(textOf(row, key));

/** The severity classes from which on an incident is reported to the provincial cyberspace administration. */
const reportedClasses: readonly string[] = ['larger', 'major', 'grave'];
const DEFECT = 'vulnerability';

/** A report that an incident requires. */
interface ReportDue {
  readonly rule: 'incident-report' | 'defect-report';
  readonly hours: number;
  readonly basis: string;
}

/** What must be reported about an incident, by the rule in force when it was found; undefined when nothing must. */
function reportOf(incident: LicenceRow, { dateOf, say }: Pick<SecurityContext, 'dateOf' | 'say'>): ReportDue | undefined {
  const day = dateOf(timeOf(incident, 'detectedAt'));
  const isIncident = textOf(incident, 'kind') !== DEFECT && reportedClasses.includes(textOf(incident, 'severity'));
  const hours = isIncident ? limitOn('incident-report', 'withinHours', day) : undefined;
  if (hours !== undefined) return { rule: 'incident-report', hours, basis: cite('incident-report', say, day) };
  return flagOf(incident, 'within24h')
    ? { rule: 'defect-report', hours: limit('data-10', 'withinHours'), basis: cite('data-10', say) }
    : undefined;
}

/** Milliseconds left until an incident must be reported; undefined when it has been. */
function reportLeftMs(incident: LicenceRow, due: ReportDue, now: Date): number | undefined {
  if (textOf(incident, 'authorityToldAt') !== '') return undefined;
  return timeOf(incident, 'detectedAt') + due.hours * HOUR_MS - now.getTime();
}

/** What is late or missing according to the security registers: items 60-62, 64, 65, 67. Pure. */
export function checkSecurity(file: LicenceFile, context: SecurityContext): Finding[] {
  return [...incidents(file, context), ...keeping(file, context), ...processing(file, context), ...authorities(file, context)];
}

function incidents(file: LicenceFile, context: SecurityContext): Finding[] {
  return rowsOf(file, 'incidents').flatMap((row) => [
    ...reports(row, context),
    ...summaries(row, context),
    ...(textOf(row, 'kind') === 'data-leak' && textOf(row, 'peopleToldAt') === '' && textOf(row, 'peopleNotToldWhy') === ''
      ? [
          breach(
            'incident-people',
            row.key,
            context.say(
              `安全事件 ${row.key} 未通知个人，也未写明不通知的理由。`,
              `The people affected by incident ${row.key} were not notified, and no reason is recorded.`,
            ),
            cite('personal-57', context.say),
          ),
        ]
      : []),
  ]);
}

/** The first report of an incident or a defect. */
function reports(row: LicenceRow, context: SecurityContext): Finding[] {
  const { now, say } = context;
  const due = reportOf(row, context);
  if (due === undefined) return [];
  const { rule, hours, basis } = due;
  const left = reportLeftMs(row, due, now);
  if (left !== undefined)
    return left < 0
      ? [
          breach(
            rule,
            row.key,
            say(
              `安全事件 ${row.key} 已超过 ${hours} 小时未报告主管部门。`,
              `Incident ${row.key} was not reported to the authority within ${hours} hours.`,
            ),
            basis,
          ),
        ]
      : [
          warning(
            rule,
            row.key,
            say(
              `安全事件 ${row.key} 须在 ${Math.ceil(left / HOUR_MS)} 小时内报告主管部门。`,
              `Incident ${row.key} has to be reported to the authority within ${Math.ceil(left / HOUR_MS)} hours.`,
            ),
            basis,
          ),
        ];
  return timeOf(row, 'authorityToldAt') > timeOf(row, 'detectedAt') + hours * HOUR_MS
    ? [
        breach(
          rule,
          row.key,
          say(`安全事件 ${row.key} 的报告晚于 ${hours} 小时。`, `Incident ${row.key} was reported after more than ${hours} hours.`),
          basis,
        ),
      ]
    : [];
}

/** The summary after the handling of a reported incident. */
function summaries(row: LicenceRow, context: SecurityContext): Finding[] {
  const { today, dateOf, say } = context;
  const due = reportOf(row, context);
  if (due?.rule !== 'incident-report' || textOf(row, 'closedAt') === '') return [];
  const days = limitOn('incident-report', 'summaryDays', dateOf(timeOf(row, 'detectedAt')));
  if (days === undefined) return [];
  const until = addDays(dateOf(timeOf(row, 'closedAt')), days);
  const reported = textOf(row, 'summaryReportedOn');
  if (reported !== '' && reported <= until) return [];
  const text =
    reported === ''
      ? say(`安全事件 ${row.key} 的总结报告须于 ${until} 前提交。`, `The summary of incident ${row.key} is to be reported by ${until}.`)
      : say(
          `安全事件 ${row.key} 的总结报告于 ${reported} 提交，晚于 ${until}。`,
          `The summary of incident ${row.key} was reported on ${reported}, after ${until}.`,
        );
  return [(reported !== '' || until < today ? breach : warning)('incident-summary', row.key, text, due.basis)];
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
    ...(late ? [warning('restore-test', 'restoreTests', why, cite('cyber-backup', say))] : []),
    ...rowsOf(file, 'patches').flatMap((row): Finding[] => {
      if (textOf(row, 'fixedOn') !== '' || !['high', 'critical'].includes(textOf(row, 'severity'))) return [];
      const due = textOf(row, 'dueOn') || addDays(textOf(row, 'foundOn'), PATCH_WITHIN_DAYS);
      return due < today
        ? [
            breach(
              'patch-overdue',
              row.key,
              say(`漏洞 ${row.key} 应于 ${due} 前修复。`, `Vulnerability ${row.key} was to be mended by ${due}.`),
              cite('cyber-protection', say),
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

/** A request without an answer after this time is shown. */
const ANSWER_WITHIN_MS = limit('house-rule', 'answerAuthorityDays') * 24 * HOUR_MS;

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

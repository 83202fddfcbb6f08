import type { Say } from '../../shared/domain/language.js';
import type { Finding } from '../../shared/domain/licence/finding.js';
import { listOf, rowsOf, textOf, type LicenceFile } from '../../shared/domain/licence/licence-file.js';
import type { Figure, FormulaKey } from '../quality/formulas.js';

export const sixItemIds = ['six-filing', 'six-use', 'six-resources', 'six-conduct', 'six-control', 'six-consent'] as const;
export type SixItemId = (typeof sixItemIds)[number];

/** The findings of the checks that belong to each item. */
const findingsOf: Readonly<Record<SixItemId, readonly string[]>> = {
  'six-filing': ['number-undeclared', 'number-gate', 'opening-report', 'number-yearly-report', 'number-fee'],
  'six-use': [
    'commitment-letter',
    'ordinary-number-outbound',
    'inbound-only-originates',
    'number-without-contract',
    'caller-not-registered',
  ],
  'six-resources': [
    ...['no-trunk', 'trunk-undeclared', 'trunk-contract', 'trunk-channels', 'trunk-state', 'trunk-pass-through'],
    ...['peer-undeclared', 'channels-below-trunks'],
  ],
  'six-conduct': ['client-contract', 'client-licence', 'client-agreement'],
  'six-control': ['trunk-without-callers', 'logs-short', 'clock-drift'],
  'six-consent': [],
};

/** What is missing according to registers and checks alone, for the checklist of a case, which has no call figures. */
export function sixGapsOfRegisters(id: SixItemId, file: LicenceFile, findings: readonly Finding[], say: Say): string[] {
  const found = findings.filter(({ rule, severity }) => severity !== 'note' && findingsOf[id].includes(rule)).map(({ text }) => text);
  return [...emptyRegisters(id, file, say), ...(id === 'six-filing' ? papersOfNumbers(file, say) : []), ...new Set(found)];
}

function emptyRegisters(id: SixItemId, file: LicenceFile, say: Say): string[] {
  if ((id === 'six-filing' || id === 'six-use') && rowsOf(file, 'numbers').length === 0)
    return [say('没有登记任何号码。', 'No number is registered.')];
  if (id === 'six-resources' && rowsOf(file, 'trunks').length === 0) return [say('没有登记任何中继。', 'No trunk is registered.')];
  return [];
}

function papersOfNumbers(file: LicenceFile, say: Say): string[] {
  return rowsOf(file, 'numbers')
    .filter((row) => textOf(row, 'state') === 'in-use')
    .flatMap((row) => [
      ...(textOf(row, 'certificate') === ''
        ? [say(`号码 ${row.key} 没有登记码号证书号。`, `Number ${row.key} has no certificate on record.`)]
        : []),
      ...(listOf(row, 'filings').length === 0
        ? [say(`号码 ${row.key} 没有登记备案省份。`, `Number ${row.key} is filed in no province.`)]
        : []),
    ]);
}

/** The records of a period, as far as something may be missing from them. */
interface PeriodFacts {
  readonly figures: readonly Figure[];
  readonly outbound: {
    readonly alarms: readonly unknown[];
    readonly sample: readonly { readonly recording: boolean; readonly consent: string }[];
  };
}

/** Everything that is missing from an item, in sentences: from registers, checks and the records of the period. */
export const sixGaps = (
  id: SixItemId,
  facts: PeriodFacts & { readonly file: LicenceFile; readonly findings: readonly Finding[] },
  say: Say,
): readonly string[] => [...sixGapsOfRegisters(id, facts.file, facts.findings, say), ...gapsOfRecords(id, facts, say)];

function gapsOfRecords(id: SixItemId, { figures, outbound }: PeriodFacts, say: Say): string[] {
  const late = lacking(figures, 'complaintsInTime');
  const unrecorded = lacking(figures, 'recorded');
  const withoutConsent = lacking(figures, 'outboundConsent');
  const bare = outbound.sample.filter(({ recording, consent }) => !recording || consent === '').length;
  switch (id) {
    case 'six-conduct':
      return [
        ...(late > 0 ? [say(`${late} 件投诉未按期答复。`, `${late} complaints were not answered in time.`)] : []),
        ...(outbound.alarms.length > 0
          ? [
              say(
                `期间有 ${outbound.alarms.length} 条异常呼出告警，须备处置记录。`,
                `The fraud watch raised ${outbound.alarms.length} alarms: what was done about each is to be shown.`,
              ),
            ]
          : []),
      ];
    case 'six-control':
      return unrecorded > 0
        ? [say(`${unrecorded} 通人工接听的呼叫没有录音。`, `${unrecorded} calls that agents handled have no recording.`)]
        : [];
    case 'six-consent':
      return [
        ...(withoutConsent > 0
          ? [
              say(
                `${withoutConsent} 次放行的呼出没有同意凭证。`,
                `${withoutConsent} calls out were let through without a proof of consent.`,
              ),
            ]
          : []),
        ...(bare > 0
          ? [
              say(
                `抽样 ${outbound.sample.length} 通中，${bare} 通缺少录音或同意凭证。`,
                `Of ${outbound.sample.length} calls drawn, ${bare} lack recording or consent.`,
              ),
            ]
          : []),
      ];
    case 'six-filing':
    case 'six-use':
    case 'six-resources':
      return [];
  }
}

/** The number of records by which a share falls short of 100 %, summed over all months. */
const lacking = (figures: readonly Figure[], key: FormulaKey): number =>
  figures
    .filter(({ formula, group }) => formula === key && group === 'all')
    .reduce((sum, { numerator, denominator }) => sum + denominator - numerator, 0);

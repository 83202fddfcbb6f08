import { expect, test } from '@jest/globals';
import { speak } from '../../shared/domain/language.js';
import type { LicenceFile, LicenceRow } from '../../shared/domain/licence/licence-file.js';
import { localDate } from '../../shared/domain/time/local-time.js';
import { checkSecurity } from './security.js';

const now = new Date('2026-11-25T12:00:00Z');
const today = '2026-11-25';
const tested = { key: 'HF', ok: true, testedOn: '2026-11-01' };

function file(registers: Record<string, (Record<string, unknown> & { key: string })[]>): LicenceFile {
  return Object.fromEntries(
    Object.entries({ restoreTests: [tested], ...registers }).map(([name, rows]) => [
      name,
      {
        title: { zh: name, en: name },
        columns: [],
        rows: rows.map((values): LicenceRow => ({ key: values.key, values, shown: [] })),
      },
    ]),
  );
}
const rulesOf = (registers: Parameters<typeof file>[0]): string[] =>
  checkSecurity(file(registers), { now, today, dateOf: (atMs) => localDate(atMs, 'Asia/Shanghai'), say: speak('en') }).map(
    ({ rule, severity, subject }) => `${severity} ${rule} ${subject}`,
  );

const incident = { key: 'E1', kind: 'vulnerability', severity: 'general', within24h: true, detectedAt: '2026-11-25T10:00:00+08:00' };
const larger = { key: 'E1', kind: 'intrusion', severity: 'larger', detectedAt: '2026-11-25T10:00:00+08:00' };
const told = { ...larger, detectedAt: '2026-10-10T10:00:00+08:00', authorityToldAt: '2026-10-10T11:00:00+08:00' };

test.each<[string, Parameters<typeof file>[0], string[]]>([
  ['a defect whose 24 hours run', { incidents: [incident] }, ['warning defect-report E1']],
  [
    'a defect whose 24 hours are over',
    { incidents: [{ ...incident, detectedAt: '2026-11-24T19:59:00+08:00' }] },
    ['breach defect-report E1'],
  ],
  ['a defect told in time', { incidents: [{ ...incident, authorityToldAt: '2026-11-25T20:00:00+08:00' }] }, []],
  ['a defect told too late', { incidents: [{ ...incident, authorityToldAt: '2026-11-26T10:00:01+08:00' }] }, ['breach defect-report E1']],
  ['a defect that need not be told', { incidents: [{ ...incident, within24h: false }] }, []],
  [
    'an incident of the class larger within its 4 hours',
    { incidents: [{ ...larger, detectedAt: '2026-11-25T19:00:00+08:00' }] },
    ['warning incident-report E1'],
  ],
  [
    'an incident of the class larger after 4 hours',
    { incidents: [{ ...larger, detectedAt: '2026-11-25T15:59:59+08:00' }] },
    ['breach incident-report E1'],
  ],
  [
    'an incident that was told after 4 hours',
    { incidents: [{ ...larger, authorityToldAt: '2026-11-25T14:00:01+08:00' }] },
    ['breach incident-report E1'],
  ],
  ['an incident of the class general', { incidents: [{ ...larger, severity: 'general' }] }, []],
  ['an incident of before the rule of 4 hours', { incidents: [{ ...larger, detectedAt: '2025-10-31T10:00:00+08:00' }] }, []],
  [
    'an incident that is also a defect of 24 hours',
    { incidents: [{ ...larger, within24h: true, detectedAt: '2026-11-25T15:00:00+08:00' }] },
    ['breach incident-report E1'],
  ],
  ['an incident without its summary', { incidents: [{ ...told, closedAt: '2026-11-20T10:00:00+08:00' }] }, ['warning incident-summary E1']],
  [
    'an incident whose summary is late',
    { incidents: [{ ...told, closedAt: '2026-10-20T10:00:00+08:00' }] },
    ['breach incident-summary E1'],
  ],
  [
    'an incident with its summary',
    { incidents: [{ ...told, closedAt: '2026-11-20T10:00:00+08:00', summaryReportedOn: '2026-11-24' }] },
    [],
  ],
  ['a leak of which nobody was told', { incidents: [{ ...incident, within24h: false, kind: 'data-leak' }] }, ['breach incident-people E1']],
  ['no restore that worked', { restoreTests: [{ ...tested, ok: false }] }, ['warning restore-test restoreTests']],
  ['a restore older than a quarter', { restoreTests: [{ ...tested, testedOn: '2026-08-01' }] }, ['warning restore-test restoreTests']],
  [
    'a high vulnerability after 30 days',
    { patches: [{ key: 'V1', severity: 'high', foundOn: '2026-10-01' }] },
    ['breach patch-overdue V1'],
  ],
  ['a mended vulnerability', { patches: [{ key: 'V1', severity: 'high', foundOn: '2026-10-01', fixedOn: '2026-10-02' }] }, []],
  ['a client without a record of processing', { clients: [{ key: 'C1', state: 'active' }] }, ['warning processing-record C1']],
  [
    'processing that ended without its return',
    { entrustedProcessing: [{ key: 'W1', clientId: 'C1', until: '2026-11-01' }] },
    ['breach processing-return W1'],
  ],
  ['an assessment to be done again', { impactAssessments: [{ key: 'P1', reviewOn: '2026-11-24' }] }, ['warning assessment-review P1']],
  [
    'a request of an authority left lying',
    { authorityRequests: [{ key: 'G1', receivedAt: '2026-11-10T09:00:00+08:00' }] },
    ['warning authority-request G1'],
  ],
])('%s', (_name, registers, expected) => {
  expect(rulesOf(registers)).toEqual(expected);
});

test('the clock of an incident counts from its finding, whatever zone it was written in', () => {
  expect(rulesOf({ incidents: [{ ...larger, detectedAt: '2026-11-25T08:00:01.000Z' }] })).toEqual(['warning incident-report E1']);
  expect(rulesOf({ incidents: [{ ...larger, detectedAt: '2026-11-25T07:59:59.000Z' }] })).toEqual(['breach incident-report E1']);
});

import { expect, test } from '@jest/globals';
import { renderPdf } from '../../shared/platform/paper/pdf-renderer.js';
import { languages, speak } from '../../shared/domain/language.js';
import { usualFraudSettings } from '../../shared/domain/calls/fraud.js';
import { sixItemIds } from '../checks/six-gaps.js';
import { noUsage } from '../checks/usage.js';
import type { Finding } from '../../shared/domain/licence/finding.js';
import type { LicenceFile, LicenceRow } from '../../shared/domain/licence/licence-file.js';
import { sixDocument, sixItem, type SixFacts } from './six-items.js';

const column = (key: string) => ({ key, label: { zh: key, en: key } });
const table = (keys: readonly string[], rows: readonly Readonly<Record<string, string | readonly string[]>>[]): LicenceFile[string] => ({
  title: { zh: '', en: '' },
  columns: keys.map(column),
  rows: rows.map((values): LicenceRow => ({
    key: String(values[keys[0] ?? '']),
    values,
    shown: keys.map((key) => [values[key] ?? ''].flat().join('、')),
  })),
});
const finding = (rule: string, severity: Finding['severity'], text: string): Finding => ({ rule, severity, subject: '', text, basis: '' });

const facts = (more: Partial<SixFacts> = {}): SixFacts => ({
  file: {},
  today: '2026-11-30',
  usage: noUsage,
  figures: [],
  complaints: [],
  findings: [],
  outbound: {
    ...{ calls: 0, attempts: 0, blocked: {}, consents: { inForce: 0, all: 0 }, doNotCall: 0, refusals: [], seed: 'x', sample: [] },
    ...{ alarms: [], fraudSettings: usualFraudSettings },
  },
  ...more,
});
const zh = speak('zh-CN');

test('of an empty file the registers are missing, and every item says what it asks', () => {
  expect(sixItem('six-filing', facts(), zh).gaps).toEqual(['没有登记任何号码。']);
  expect(sixItem('six-resources', facts(), zh).gaps).toEqual(['没有登记任何中继。']);
  expect(sixItem('six-consent', facts(), zh).gaps).toEqual([]);
  for (const id of sixItemIds) expect(sixItem(id, facts(), zh)).toMatchObject({ id, asks: expect.stringMatching(/。$/) });
});

test('a number without papers, a breach of the item and what the records lack are sentences; notes and other items are not', () => {
  const numbers = table(
    ['number', 'certificate', 'filings', 'state'],
    [
      { number: '4001000', certificate: 'C1', filings: ['北京'], state: 'in-use' },
      { number: '4002000', filings: [], state: 'in-use' },
      { number: '4003000', filings: [], state: 'returned' },
    ],
  );
  const found = [
    finding('number-gate', 'breach', '号码 4002000 已过有效期。'),
    finding('number-gate', 'note', '只是提示。'),
    finding('trunk-contract', 'breach', '合同已到期。'),
  ];
  const figure = { version: 1, month: '2026-11', group: 'all', value: 90 };
  const figures: SixFacts['figures'] = [
    { ...figure, formula: 'recorded', numerator: 9, denominator: 10 },
    { ...figure, formula: 'outboundConsent', numerator: 3, denominator: 5 },
    { ...figure, formula: 'outboundConsent', numerator: 1, denominator: 9, group: 'queue:a' },
  ];
  const given = facts({ file: { numbers }, findings: found, figures });
  expect(sixItem('six-filing', given, zh).gaps).toEqual([
    '号码 4002000 没有登记码号证书号。',
    '号码 4002000 没有登记备案省份。',
    '号码 4002000 已过有效期。',
  ]);
  expect(sixItem('six-control', given, zh).gaps).toEqual(['1 通人工接听的呼叫没有录音。']);
  expect(sixItem('six-consent', given, zh).gaps).toEqual(['2 次放行的呼出没有同意凭证。']);
});

test('drawn calls that lack a recording or a consent stand first, so that none is cut off the page', () => {
  const call = { callId: 'out-1', at: '2026-11-01 09:00:00', numberMasked: '138****0001', purpose: 'enquiry' };
  const whole = Array.from({ length: 18 }, () => ({ ...call, recording: true, consent: 'C1' }));
  const lacking = [
    { ...call, recording: false, consent: 'C2' },
    { ...call, recording: true, consent: '' },
  ];
  const { outbound } = facts();
  const item = sixItem('six-consent', facts({ outbound: { ...outbound, sample: [...whole, ...lacking] } }), zh);
  expect(item.gaps).toEqual(['抽样 20 通中，2 通缺少录音或同意凭证。']);
  const rows = sixDocument(item, zh).blocks.flatMap((block) => (block.kind === 'table' ? block.rows : []));
  expect(rows.slice(0, 3).map((row) => row.slice(3))).toEqual([
    ['无', 'C2'],
    ['有', ''],
    ['有', 'C1'],
  ]);
});

test('permitted callers are counted once each; a trunk without any adds none', () => {
  const callers = (...ofTrunks: (readonly string[])[]) => {
    const rows = ofTrunks.map((permittedCallers, i) => ({ trunkId: `T${i}`, permittedCallers }));
    const item = sixItem('six-control', facts({ file: { trunks: table(['trunkId', 'permittedCallers'], rows) } }), zh);
    return item.figures.find(([label]) => label === '允许传送的主叫号码')?.[1];
  };
  expect(callers()).toBe('0');
  expect(callers([], [])).toBe('0');
  expect(callers(['4001000', '95001'], ['4001000'], [])).toBe('2');
});

test.each(languages)('each item is one page in %s, also with more rows and gaps than it prints', async (language) => {
  const say = speak(language);
  const numbers = table(
    ['number', 'kind', 'certificate', 'area', 'filings', 'validUntil', 'state'],
    Array.from({ length: 40 }, (_, i) => ({
      number: `40010${String(i).padStart(2, '0')}`,
      filings: [],
      state: 'in-use',
      area: '北京、天津、河北',
    })),
  );
  const trunks = table(
    ['trunkId', 'carrier', 'contractNumber', 'contractUntil', 'channels'],
    Array.from({ length: 40 }, (_, i) => ({
      trunkId: `circuit-${i}`,
      carrier: '中国电信股份有限公司北京分公司',
      contractNumber: `BJ-2026-${i}`,
    })),
  );
  const long = '中继 circuit-1 的合同已于 2026-10-31 到期，期间仍承载呼叫 1200 次，须与运营商续签并更新登记。';
  const findings = Array.from({ length: 30 }, (_, i) => finding('trunk-contract', 'breach', `${i} ${long}`));
  for (const id of sixItemIds) {
    const document = sixDocument(sixItem(id, facts({ file: { numbers, trunks }, findings }), say), say);
    const pdf = await renderPdf(document, {
      ...{
        company: '示例',
        licence: '京B2-20240001',
        version: '0',
        date: '2026-11-30',
        reference: 'JC',
        language,
        dataSha256: '0'.repeat(64),
      },
    });
    expect({
      id,
      pages: [
        ...Buffer.from(pdf)
          .toString('latin1')
          .matchAll(/\/Type \/Page\b/g),
      ].length,
    }).toEqual({ id, pages: 1 });
  }
});

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { strFromU8, unzipSync } from 'fflate';
import { fillCalls } from '../../../bench/support/evidence-support.js';
import { verifyPack } from '../../../services/evidence/index.js';
import type { LicenceCase, SixItem } from '../../../services/shared/contracts/api/evidence/licence-cases.js';
import { EvidenceSite } from './evidence-support.js';

jest.setTimeout(240_000);

let site: EvidenceSite;

beforeAll(async () => {
  site = await EvidenceSite.start();
  await fillCalls(site.mongo, Date.parse('2026-10-01T00:00:00+08:00'), 5, 20);
});

afterAll(async () => {
  await (site as EvidenceSite | undefined)?.[Symbol.asyncDispose]();
});

const write = (register: string, values: object): Promise<unknown> =>
  site.ask('post', '/registry/:register', { params: { register }, body: { values } });

const casesNow = async (): Promise<readonly LicenceCase[]> =>
  ((await site.ask('get', '/evidence/cases')) as { readonly cases: readonly LicenceCase[] }).cases;

async function caseOf(caseId: string): Promise<LicenceCase> {
  const found = (await casesNow()).find((each) => each.caseId === caseId);
  if (found === undefined) throw new Error(`no case ${caseId}`);
  return found;
}

const upload = (query: object, body: Buffer): Promise<unknown> => site.ask('post', '/registry/attachments', { query, file: body });

/** The smallest PNG: one grey pixel. */
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==', 'base64');

/** Makes the pack of a case and unpacks the download. */
async function bundleOf(caseId: string, period: object = { from: '2026-10-01', to: '2026-10-31' }): Promise<Record<string, Uint8Array>> {
  const last = await site.sealed(() => site.ask('post', '/evidence/cases/:caseId/pack', { params: { caseId }, body: period }));
  expect({ step: last.step, faults: site.faults }).toEqual({ step: 'sealed', faults: [] });
  const { pack } = await caseOf(caseId);
  const parts: Uint8Array[] = [];
  const head = { attachment: () => head, type: () => head };
  const stream = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const chunk of chunks) parts.push(chunk);
  };
  await site.ask('get', '/evidence/packs/:packId/submission', { params: { packId: pack?.packId }, response: { ...head, stream } });
  return unzipSync(Buffer.concat(parts));
}

const textOf = (docx: Uint8Array | undefined): string =>
  docx === undefined ? '' : strFromU8(unzipSync(docx)['word/document.xml'] ?? new Uint8Array()).replace(/<[^>]+>/g, '');

test('before anything is filled in each paper is there as DOCX, with the heads of the registers and lines to write on', async () => {
  const { templates } = (await site.ask('get', '/evidence/templates', { query: { language: 'zh-CN' } })) as {
    readonly templates: readonly { readonly id: string; readonly title: string }[];
  };
  expect(templates.map(({ title }) => title)).toEqual([
    ...['公司概况（人员、场地和设施）', '股权结构图及股东情况', '示例呼叫服务有限公司股东会决议'],
    ...['业务发展和实施计划', '技术方案', '长期服务与质量保障措施', '网络与信息安全保障措施', '应急预案'],
    ...['依法经营电信业务承诺书', '不违规呼出承诺书', '信息安全承诺书', '长期服务承诺书'],
  ]);
  for (const { id, title } of templates) {
    const given: { fileName?: string; body?: Uint8Array } = {};
    const response = {
      attachment: (fileName: string) => ((given.fileName = fileName), response),
      type: () => response,
      end: (body: Uint8Array) => void (given.body = body),
    };
    await site.ask('get', '/evidence/templates/:templateId/document.docx', {
      params: { templateId: id },
      query: { language: 'zh-CN' },
      response,
    });
    expect(given.fileName).toBe(`${title}.docx`);
    const words = textOf(given.body);
    expect(words).toContain(title);
    expect(words).not.toMatch(/undefined|Proofline/);
    if (id === 'company-overview') expect(words).toMatch(/地址.*租期|面积/);
    if (id === 'emergency-plan') expect(words).toMatch(/演练.*预案版本/);
  }
});

test('a first application: what is uploaded is bound in under its number, what is missing is named, and the pack is whole', async () => {
  await write('cases', { caseId: 'XK-1', kind: 'application', scope: 'provincial', province: '河南', openedOn: '2026-11-01' });
  expect((await caseOf('XK-1')).items.find(({ id }) => id === 'articles')).toMatchObject({ state: 'missing' });
  await write('materials', { materialId: 'articles', state: 'uploaded' });
  await upload({ register: 'materials', key: 'articles', fileName: '章程.png' }, PIXEL);
  await upload({ register: 'cases', key: 'XK-1', fileName: '承诺书.pdf', item: 'pledge-service' }, Buffer.from('%PDF-1.4 signed'));
  const of = await caseOf('XK-1');
  const states = Object.fromEntries(of.items.map(({ id, state }) => [id, state]));
  expect(states).toMatchObject({ articles: 'ready', 'pledge-service': 'ready', 'pledge-lawful': 'to-sign', 'business-licence': 'missing' });

  const files = await bundleOf('XK-1');
  const names = Object.keys(files);
  expect(names[0]).toBe('00-目录.pdf');
  const numberOf = (id: string): string => String(of.items.findIndex((item) => item.id === id) + 1).padStart(2, '0');
  expect(names).toContain(`${numberOf('articles')}-公司章程.pdf`);
  expect(
    Buffer.from(files[`${numberOf('articles')}-公司章程.pdf`] ?? [])
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-');
  expect(Buffer.from(files[`${numberOf('pledge-service')}-长期服务承诺书.pdf`] ?? []).toString()).toBe('%PDF-1.4 signed');
  expect(names.some((name) => name.startsWith(`${numberOf('business-licence')}-`))).toBe(false);
  const application = textOf(files[`${numberOf('application-form')}-增值电信业务经营许可申请书.docx`]);
  expect(application).toContain('河南省通信管理局');
  expect(application).toContain('国内呼叫中心业务（B24-1）');

  const outbox = join(site.home, 'evidence', 'packs');
  const [newest = ''] = (await readdir(outbox))
    .filter((name) => name.endsWith('.zip'))
    .sort()
    .slice(-1);
  expect((await verifyPack(join(outbox, newest))).colour).not.toBe('red');
});

test('a file that was uploaded by mistake is withdrawn, and the audit log names it', async () => {
  const { items } = await caseOf('XK-1');
  const attachmentId = items.find(({ id }) => id === 'pledge-service')?.files[0]?.attachmentId ?? '';
  await site.ask('post', '/registry/attachments/:attachmentId/withdraw', { params: { attachmentId } });
  expect((await caseOf('XK-1')).items.find(({ id }) => id === 'pledge-service')).toMatchObject({ state: 'to-sign', files: [] });
  expect(site.acts.map(({ what }) => what)).toContain('registry.attachment-withdrawn');
});

test('a renewal proves from the call records that the business was opened', async () => {
  await write('cases', { caseId: 'XQ-1', kind: 'renewal', scope: 'provincial', province: '北京', openedOn: '2026-11-01' });
  const files = await bundleOf('XQ-1');
  const proof = Object.keys(files).find((name) => name.endsWith('业务开通情况证明.docx')) ?? '';
  expect(textOf(files[proof])).toMatch(/共有呼叫 140 次，其中呼入 100 次/);
  const resolution = Object.keys(files).find((name) => name.endsWith('股东会决议.docx')) ?? '';
  expect(textOf(files[resolution])).toContain('京B2-20240001');
});

test('a change: old beside new with its legal date, and only what the kinds of change ask for', async () => {
  await write('changes', {
    changeId: 'B-1',
    kind: 'capital',
    before: '200 万元',
    after: '1,000 万元',
    decidedOn: '2026-11-01',
    registeredOn: '2026-11-10',
  });
  await write('cases', { caseId: 'BG-1', kind: 'change', scope: 'provincial', province: '北京', openedOn: '2026-11-11', changes: ['B-1'] });
  const of = await caseOf('BG-1');
  expect(of).toMatchObject({ dueOn: '2026-12-10' });
  expect(of.items.map(({ id }) => id)).toContain('capital');
  const files = await bundleOf('BG-1');
  const table = Object.keys(files).find((name) => name.endsWith('变更前后对照表.docx')) ?? '';
  const words = textOf(files[table]);
  expect(words).toContain('注册资本');
  expect(words).toMatch(/200 万元.*1,000 万元.*2026-11-01.*2026-11-10/);
});

test('an annual report carries the revenue that was entered, minutes and the split by city', async () => {
  await write('cases', {
    ...{ caseId: 'NB-1', kind: 'annual-report', scope: 'provincial', province: '北京', openedOn: '2026-11-01' },
    ...{ year: 2026, revenueCny: 1234567 },
  });
  const files = await bundleOf('NB-1', {});
  const workbook = Object.keys(files).find((name) => name.endsWith('填报底稿.xlsx')) ?? '';
  const sheets = Object.entries(unzipSync(files[workbook] ?? new Uint8Array()))
    .filter(([name]) => name.endsWith('.xml'))
    .map(([, body]) => strFromU8(body))
    .join('');
  expect(sheets).toContain('1234567');
  expect(sheets).toContain('通话分钟数');
  expect(sheets).toContain('分城市');
});

test('an inspection has each of its six items on a page of its own', async () => {
  await write('cases', {
    ...{ caseId: 'JC-1', kind: 'inspection', scope: 'provincial', province: '北京', openedOn: '2026-11-01', visitOn: '2026-12-01' },
  });
  const names = Object.keys(await bundleOf('JC-1'));
  expect(names.slice(1, 7)).toEqual([
    '01-号码备案.pdf',
    '02-号码使用.pdf',
    '03-通信资源租用.pdf',
    '04-经营行为管控.pdf',
    '05-技术控制能力.pdf',
    '06-用户同意凭证.pdf',
  ]);
});

test('the six items as they are now say what is missing and show the newest rows; the checklist of the case says the same of the registers', async () => {
  await write('numbers', { number: '4009999', kind: '400', purpose: '客服', area: '北京', direction: 'inbound-only', state: 'in-use' });
  const october = { language: 'zh-CN', from: '2026-10-01', to: '2026-10-31' };
  const { items, signatures } = (await site.ask('get', '/evidence/six-items', { query: october })) as {
    readonly items: readonly SixItem[];
    readonly signatures: readonly string[];
  };
  // Nobody outside has a sheet of this site yet: the seed is the system's, and an inspector may name one.
  expect(await site.ask('get', '/evidence/six-items', { query: october })).toMatchObject({
    draw: expect.stringMatching(/^抽样种子：[0-9a-f]{16}（系统生成）$/),
  });
  expect(await site.ask('get', '/evidence/six-items', { query: { ...october, seed: '4711' } })).toMatchObject({
    draw: '抽样种子：4711（由查询人录入）',
  });
  expect(items.map(({ title }) => title)).toEqual(['号码备案', '号码使用', '通信资源租用', '经营行为管控', '技术控制能力', '用户同意凭证']);
  const [filing, , , , control] = items;
  expect(filing?.gaps).toContain('号码 4009999 没有登记码号证书号。');
  expect(filing?.proof.rows.map(([number]) => number)).toContain('4009999');
  expect(control?.figures.find(({ label }) => label === '录音覆盖率（呼入，存储核对）')?.value).toMatch(/^[\d.]+%（\d+ \/ \d+，2026-10）$/);
  expect(signatures).toHaveLength(3);
  const listed = (await caseOf('JC-1')).items.find(({ id }) => id === 'six-filing');
  expect(listed).toMatchObject({ state: 'incomplete', gaps: expect.arrayContaining(['号码 4009999 没有登记码号证书号。']) });
  for (const [from, to] of [
    ['2026-01-01', '2026-10-31'],
    ['9999-12-01', '9999-12-31'],
  ])
    await expect(site.ask('get', '/evidence/six-items', { query: { language: 'zh-CN', from, to } })).rejects.toMatchObject({
      code: 'invalid-request',
    });
});

test('a pack that is of no case has nothing that is handed in; a case that is not there is said so', async () => {
  await expect(site.ask('get', '/evidence/packs/:packId/submission', { params: { packId: 'JC-0' } })).rejects.toMatchObject({
    code: 'not-found',
  });
  await expect(site.ask('post', '/evidence/cases/:caseId/pack', { params: { caseId: 'nobody' } })).rejects.toMatchObject({
    code: 'not-found',
  });
});

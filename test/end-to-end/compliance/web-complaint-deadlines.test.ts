import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { Stack } from '../../support/stack.js';
import { WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf, pictures } from '../web-look.js';

// The deadlines of complaints as people meet them: the rule that allows an extension, the province on the public form, the case in hand.
let stack: Stack;
let browser: WebBrowser;
let compliance: WebPage;
let supervisor: WebPage;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start({}), WebBrowser.launch()]);
  compliance = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'compliance');
  supervisor = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'supervisor');
  for (const { page } of [compliance, supervisor]) page.setDefaultTimeout(30_000);
}, 150_000);
afterAll(async () => {
  expect([...compliance.faults, ...supervisor.faults]).toEqual([]);
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

async function look(page: Page, name: string): Promise<void> {
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}.png` });
  expect(await faultsOf(page, name)).toEqual([]);
}

const complain = async (body: object): Promise<string> => {
  const { status, body: answer } = await stack.http('POST', '/api/public/complaints', {
    body: { kind: 'waiting', text: '等了四十分钟没有人接', number: '13812345678', ...body },
  });
  expect(status).toBe(200);
  return (answer as { readonly number: string }).number;
};

test('compliance staff let a deadline be extended; a target that is too long is refused in words', async () => {
  const { page } = compliance;
  await page.goto(`${stack.web}/complaints`);
  await page.getByTestId('complaint-rules-open').click();
  await page.getByTestId('edit-rule-henan').click();
  await page.getByTestId('rule-extension').fill('5');
  await page.getByTestId('rule-pause').fill('4');
  await page.getByTestId('rule-target').fill('30');
  await page.getByTestId('save-rule').click();
  await page.getByText('内部目标不得长于答复时限。').waitFor();
  await page.getByTestId('rule-target').fill('3');
  await look(page, 'complaint-rule-form');
  await page.getByTestId('save-rule').click();
  await page.getByText('可延长一次 5 日；可中止一次，最长 4 日').waitFor();
  await look(page, 'complaint-rules');
}, 90_000);

test('the province of the public form sets the strictest deadline, which a supervisor extends and pauses with a reason', async () => {
  const { page } = supervisor;
  const henan = await complain({ province: '河南省' });
  expect(
    (
      await stack.http('POST', '/api/public/complaints', {
        body: { kind: 'waiting', text: '等待过久', number: '13812345679', province: '火星' },
      })
    ).status,
  ).toBe(400);
  await page.goto(`${stack.web}/complaints`);
  await page.getByTestId(`case-${henan}`).click();
  await page.getByTestId('case-province').getByText('河南', { exact: true }).waitFor();
  await page.getByText('河南省电信条例 38').waitFor();
  await page.getByTestId('case-pause').click();
  await page.getByTestId('case-words').fill('等待投诉人补充合同');
  await look(page, 'complaint-pause');
  await page.getByTestId('case-save').click();
  await page.getByTestId('clock-paused').getByText('等待投诉人补充合同').waitFor();
  await page.getByTestId('case-save').waitFor({ state: 'hidden' });
  await look(page, 'complaint-paused');
  // A second tab with a stale view of the case does nothing twice.
  await page.reload();
  await page.getByTestId('case-resume').click();
  await page.getByTestId('case-words').fill('材料已收到');
  await page.getByTestId('case-save').click();
  await page.getByTestId('clock-was-paused').waitFor();
  await page.getByTestId('case-extend').click();
  await page.getByTestId('case-words').fill('须向运营商调取话单');
  await page.getByTestId('case-save').click();
  await page.getByTestId('clock-extended').getByText('须向运营商调取话单').waitFor();
  await page.getByTestId('case-extend').waitFor({ state: 'detached' });
  expect(await page.getByTestId('case-pause').count()).toBe(0);
  await page.getByTestId('case-save').waitFor({ state: 'hidden' });
  await page.setViewportSize({ width: 390, height: 844 });
  await look(page, 'complaint-extended-390');
  await page.setViewportSize({ width: 1_366, height: 844 });
}, 90_000);

test('without a province the case says that it was taken from where the site is; its rule allows nothing', async () => {
  const { page } = supervisor;
  const number = await complain({ number: '13812345670' });
  await page.goto(`${stack.web}/complaints`);
  await page.getByTestId(`case-${number}`).click();
  await page.getByTestId('case-province').getByText('未说明，按本单位所在地').waitFor();
  await page.getByTestId('case-take').waitFor();
  expect(await page.getByTestId('case-extend').count()).toBe(0);
  const landline = await complain({ number: '0371 8888 1234' });
  await page.goto(`${stack.web}/complaints`);
  await page.getByTestId(`case-${landline}`).click();
  await page.getByTestId('case-province').getByText('河南（按号码区号）').waitFor();
}, 60_000);

test('the province is corrected: old and new due time stand on the page before it is saved, and both in the history after', async () => {
  const { page } = supervisor;
  const number = await complain({ number: '13812345671' });
  await page.goto(`${stack.web}/complaints`);
  await page.getByTestId(`case-${number}`).click();
  await page.getByTestId('case-change-province').click();
  await page.getByTestId('province').click();
  await page.keyboard.type('河南');
  await page.keyboard.press('Enter');
  const outlook = page.getByTestId('recount');
  await outlook.getByText('保存后答复时限将提前').waitFor();
  await outlook.getByText('依据：河南省电信条例 38').waitFor();
  const told = await outlook.getByText('答复时限：').innerText();
  expect(told).toMatch(/^答复时限：.*\d.* → .*\d/);
  // Without a reason nothing is saved.
  expect(await page.getByTestId('case-save').isDisabled()).toBe(true);
  await page.getByTestId('case-words').fill('回访时投诉人说明家在郑州');
  await look(page, 'complaint-recount');
  await page.getByTestId('case-save').click();
  await page.getByTestId('case-recounted').getByText(told, { exact: true }).waitFor();
  await page.getByTestId('case-province').getByText('河南', { exact: true }).waitFor();
  await page.getByText('原为：上海').waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  await look(page, 'complaint-recounted-390');
  // Changed back: more time, said in the same place.
  await page.getByTestId('case-change-province').click();
  await page.getByTestId('province').click();
  await page.keyboard.type('上海');
  await page.keyboard.press('Enter');
  await page.getByTestId('recount').getByText('保存后答复时限将延后').waitFor();
  await look(page, 'complaint-recount-later-390');
  await page.getByText('取 消').or(page.getByText('取消')).first().click();
  await page.setViewportSize({ width: 1_366, height: 844 });
  await page.getByTestId('case-change-kind').click();
  await page.getByTestId('case-kind').click();
  await page.getByTitle('服务态度').click();
  await page.getByTestId('recount').getByText('答复时限不变').waitFor();
  await page.getByTestId('case-save').click();
  await page.getByText('原为：等待过久').waitFor();
}, 90_000);

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { newPerson } from '../../support/centre/people.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { atRest, faultsOf, pictures } from '../web-look.js';
import { CALLER_HZ, dial, WebBrowser, WebPage } from '../web-browser.js';

async function drawn(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  await atRest(page);
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
}

const MARKUP = '<img src=x onerror="document.title=1">';

describe('messages between supervisors and agents', () => {
  let stack: Stack;
  let browser: WebBrowser;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([Stack.start(), WebBrowser.launch()]);
    await shortNotice(stack);
  }, 120_000);
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
  });

  test('are there at once during a call, take no focus, and are for those alone who reach the agent or serve the queue', async () => {
    const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
    await agent.ready();
    const caller = await dial(stack);
    expect(await caller.call()).toBe(200);
    await agent.answer();
    caller.sound.play(CALLER_HZ);
    const supervisor = await WebPage.open(await browser.computer(), stack, 'supervisor');

    // The agent is writing a note, and goes on writing it.
    const note = agent.page.getByPlaceholder('Saved as you type').first();
    await note.focus();
    await supervisor.page.getByTestId('chat-bell').click();
    await supervisor.choose('Choose an agent, a team or a queue', '坐席一');
    await supervisor.page.getByTestId('chat-text').fill(`Offer the voucher ${MARKUP}`);
    await supervisor.page.getByTestId('chat-text').press('Enter');
    const panel = agent.page.getByTestId('chat-panel');
    await panel.getByTestId('chat-message').filter({ hasText: 'Offer the voucher' }).waitFor();
    await agent.page.locator('[data-testid=chat-panel][data-unread="1"]').waitFor();
    expect(await note.evaluate((element) => element === document.activeElement)).toBe(true);
    // What is written is shown as text and nothing else.
    await panel.getByText(MARKUP).waitFor();
    expect(await panel.locator('img').count()).toBe(0);

    // Answering marks what stands above as read; the supervisor has the answer as unread.
    await supervisor.page.keyboard.press('Escape');
    await agent.page.getByTestId('chat-text').fill('Thank you');
    await agent.page.getByTestId('chat-send').click();
    await agent.page.locator('[data-testid=chat-panel][data-unread="0"]').waitFor();
    await supervisor.page.locator('[data-testid=chat-bell][data-unread="1"]').waitFor();
    await supervisor.page.getByTestId('chat-bell').click();
    await supervisor.page.getByTestId('chat-message').filter({ hasText: 'Thank you' }).waitFor();
    await supervisor.page.locator('[data-testid=chat-bell][data-unread="0"]').waitFor();
    // The agent sees that it has been read, without a reload.
    await panel.getByTestId('chat-message').filter({ hasText: 'Thank you' }).getByTestId('chat-is-read').waitFor();
    expect(await panel.getByTestId('chat-is-read').allTextContents()).toEqual(['✓ read by a supervisor']);
    await drawn(agent.page, 'chat-read-agent-en');
    await supervisor.choose('Choose an agent, a team or a queue', 'Customer service');
    await supervisor.page.getByTestId('chat-text').fill('The system is slow today');
    await supervisor.page.getByTestId('chat-send').click();
    await panel.getByTestId('chat-message').filter({ hasText: 'To all: Customer service' }).waitFor();
    expect([...(await faultsOf(supervisor.page, 'chat')), ...(await faultsOf(agent.page, 'chat-panel'))]).toEqual([]);

    // The supervisor sees that the agent has read what stands above the answer.
    await supervisor.choose('Choose an agent, a team or a queue', '坐席一');
    await supervisor.page.getByTestId('chat-message').filter({ hasText: 'voucher' }).getByTestId('chat-is-read').waitFor();
    await drawn(supervisor.page, 'chat-read-en');

    // What was written during the call is on its page, and leaves it as a file.
    const supervises = await stack.signIn('supervisor');
    const { calls } = (await stack.http('GET', '/api/calls/live', { token: supervises })).body as { calls: { callId: string }[] };
    const callId = calls[0]?.callId ?? '';
    await supervisor.page.goto(`${stack.web}/calls/${callId}`);
    const written = supervisor.page.getByTestId('call-messages');
    await written.getByTestId('chat-message').filter({ hasText: 'Thank you' }).waitFor();
    expect(await written.getByTestId('chat-message').filter({ hasText: 'The system is slow today' }).count()).toBe(0);
    const [download] = await Promise.all([
      supervisor.page.waitForEvent('download'),
      supervisor.page.getByTestId('call-messages-export').click(),
    ]);
    expect(download.suggestedFilename()).toBe(`messages-${callId}.csv`);
    const csv = new TextDecoder().decode(await stack.bytes(`/api/calls/${callId}/chat.csv`, supervises));
    expect(csv).toContain('Offer the voucher');
    expect(csv).not.toMatch(/1380000/);
    expect((await stack.http('GET', `/api/calls/${callId}/chat`, { token: await stack.signIn('agent2') })).status).toBe(403);
    await drawn(supervisor.page, 'call-messages-en');

    // A reload shows the same.
    await agent.page.reload();
    await panel.getByTestId('chat-message').filter({ hasText: 'The system is slow today' }).waitFor();

    const admin = await stack.signIn('admin');
    const elsewhere = await newPerson(stack, admin, { name: 'boss-elsewhere', roles: ['supervisor'], scope: { queues: ['nowhere'] } });
    const agentId = (
      (await stack.http('GET', '/api/chat', { token: await stack.signIn('supervisor') })).body as {
        messages: { place: { kind: string; id: string } }[];
      }
    ).messages.find(({ place }) => place.kind === 'agent')?.place.id;
    expect((await stack.http('GET', '/api/chat', { token: elsewhere.token })).body).toMatchObject({ messages: [], unread: 0, agents: [] });
    for (const place of [
      { kind: 'agent', id: agentId },
      { kind: 'queue', id: 'service' },
    ]) {
      const body = { place, text: 'x' };
      expect((await stack.http('POST', '/api/chat', { token: elsewhere.token, body })).status).toBe(404);
      expect((await stack.http('POST', '/api/chat', { token: await stack.signIn('agent2'), body })).status).toBe(403);
    }
    expect((await stack.http('GET', '/api/chat', { token: await stack.signIn('agent2') })).status).toBe(403);
    const other = (await stack.http('GET', '/api/chat/mine', { token: await stack.signIn('agent2') })).body as {
      messages: { text: string }[];
    };
    expect(other.messages.some(({ text }) => text.includes('voucher'))).toBe(false);
    const long = { place: { kind: 'agent', id: agentId }, text: 'x'.repeat(501) };
    const supervising = await stack.signIn('supervisor');
    expect((await stack.http('POST', '/api/chat', { token: supervising, body: long })).status).toBe(400);
    const nobody = { place: { kind: 'agent', id: 'nobody' }, text: 'x' };
    expect((await stack.http('POST', '/api/chat', { token: supervising, body: nobody })).status).toBe(404);
    expect([...agent.faults, ...supervisor.faults]).toEqual([]);
    caller.close();
    await Promise.all([agent, supervisor].map(({ page }) => page.context().close()));
  }, 240_000);

  test('a message to a team reaches its members within a second, by whoever leads it, and nobody else', async () => {
    const admin = await stack.signIn('admin');
    const { users } = (await stack.http('GET', '/api/users', { token: admin })).body as { users: { id: string; name: string }[] };
    const idOf = (name: string): string => users.find((user) => user.name === name)?.id ?? '';
    for (const [id, zh] of [
      ['chat-north', '北组'],
      ['chat-south', '南组'],
    ] as const)
      await stack.http('PUT', `/api/teams/${id}`, { token: admin, body: { name: { 'zh-CN': zh, en: id } } });
    await stack.http('PUT', '/api/teams/chat-north/members', { token: admin, body: { userIds: [idOf('agent1')] } });
    const leader = await newPerson(stack, admin, { name: 'leads-north', roles: ['supervisor'], scope: { teams: ['chat-north'] } });
    const agent = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'agent1');
    await agent.page.getByTestId('chat-panel').waitFor();
    const send = async (token: string, id: string): Promise<number> =>
      (await stack.http('POST', '/api/chat', { token, body: { place: { kind: 'team', id }, text: '十点开会' } })).status;
    const sentMs = Date.now();
    expect(await send(leader.token, 'chat-north')).toBe(200);
    await agent.page.getByTestId('chat-message').filter({ hasText: '班组通知：本班组' }).filter({ hasText: '十点开会' }).waitFor();
    expect(Date.now() - sentMs).toBeLessThan(1_000);
    expect(await send(leader.token, 'chat-south')).toBe(404);
    expect(await send(await stack.signIn('agent1'), 'chat-north')).toBe(403);
    // Nobody is in that team yet.
    expect(await send(await stack.signIn('supervisor'), 'chat-south')).toBe(404);
    const textsOf = async (name: string): Promise<string> =>
      JSON.stringify((await stack.http('GET', '/api/chat/mine', { token: await stack.signIn(name) })).body);
    expect(await textsOf('agent2')).not.toContain('十点开会');

    const supervisor = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'supervisor');
    await supervisor.page.getByTestId('chat-bell').click();
    await supervisor.choose('选择坐席、班组或队列', '北组');
    await supervisor.page.getByTestId('chat-message').filter({ hasText: '班组通知：北组' }).waitFor();
    await supervisor.page.setViewportSize({ width: 390, height: 844 });
    await drawn(supervisor.page, 'chat-team-zh-390');
    expect([...agent.faults, ...supervisor.faults]).toEqual([]);
    await Promise.all([agent, supervisor].map(({ page }) => page.context().close()));
  }, 120_000);
});

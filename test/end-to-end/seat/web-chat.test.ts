import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newPerson } from '../../support/centre/people.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { faultsOf } from '../web-look.js';
import { CALLER_HZ, dial, WebBrowser, WebPage } from '../web-browser.js';

const MARKUP = '<img src=x onerror="document.title=1">';

describe('messages between supervisors and agents', () => {
  let stack: Stack;
  let browser: WebBrowser;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([Stack.start({ layout: 'roles' }), WebBrowser.launch()]);
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
    await supervisor.choose('Choose an agent or a queue', '坐席一');
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
    await supervisor.choose('Choose an agent or a queue', 'Customer service');
    await supervisor.page.getByTestId('chat-text').fill('The system is slow today');
    await supervisor.page.getByTestId('chat-send').click();
    await panel.getByTestId('chat-message').filter({ hasText: 'To all: Customer service' }).waitFor();
    expect([...(await faultsOf(supervisor.page, 'chat')), ...(await faultsOf(agent.page, 'chat-panel'))]).toEqual([]);

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
});

import { expect, test } from '@jest/globals';
import { asked } from '../support/asked.js';
import { newPerson } from '../support/centre/people.js';
import { until } from '../support/until.js';
import { Conversation } from './support/conversation.js';
import { attacked } from './support/tier.js';

// People who end calls that are not theirs to end: agents, a supervisor of another queue or team, and one without a reason.

const stack = attacked();

interface AuditRows {
  readonly rows: readonly { readonly what: string; readonly success: boolean }[];
}

test('nobody ends a call out of reach, without the right or without a reason; a supervisor within reach can, and it is logged', async () => {
  const admin = await stack.signIn('admin');
  await asked(stack, admin, 'PUT', '/api/teams/attack-other', { name: { 'zh-CN': '另一班组' } });
  const scopes = [{ queues: ['nowhere'] }, { teams: ['attack-other'] }, { clientUnits: ['nobody'] }];
  const strangers = [];
  for (const [place, scope] of scopes.entries())
    strangers.push((await newPerson(stack, admin, { name: `attack-ender-${String(place)}`, roles: ['supervisor'], scope })).token);
  await using conversation = await Conversation.begin(stack);
  const { callId } = conversation;
  const end = async (token: string, body: unknown = { reason: 'because I can' }, id = callId): Promise<number> =>
    (await stack.http('POST', `/api/calls/${id}/end`, { token, body })).status;

  for (const token of strangers) expect(await end(token)).toBe(404);
  for (const name of ['agent1', 'agent2', 'compliance', 'auditor', 'admin']) expect(await end(await stack.signIn(name))).toBe(403);
  const whole = await stack.signIn('supervisor');
  for (const body of [{}, [], { reason: '' }, { reason: '  a ' }, { reason: 7 }, { reason: 'x'.repeat(201) }])
    expect(await end(whole, body)).toBe(400);
  expect(await end(whole, { reason: 'no such call' }, 'nosuchcall')).toBe(404);
  await conversation.bothHear();

  expect(await end(whole)).toBe(204);
  await expect(conversation.caller.ended).resolves.toBe('there');
  const auditor = await stack.signIn('auditor');
  const { rows } = await until(
    () => asked<AuditRows>(stack, auditor, 'GET', `/api/audit?object=${encodeURIComponent(`call:${callId}`)}`),
    ({ rows: found }) => found.some(({ what }) => what === 'call.ended-by-supervisor'),
    5_000,
  );
  expect(rows.filter(({ what }) => what === 'call.ended-by-supervisor')).toEqual([expect.objectContaining({ success: true })]);
}, 90_000);

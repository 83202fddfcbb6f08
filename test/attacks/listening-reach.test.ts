import { expect, test } from '@jest/globals';
import { shareOfTone } from '../../services/shared/domain/sound/tone.js';
import { asked } from '../support/asked.js';
import { BareSeat } from '../support/bare-seat.js';
import { newPerson } from '../support/centre/people.js';
import { until } from '../support/until.js';
import { CALLER_HZ, Conversation } from './support/conversation.js';
import { attacked } from './support/tier.js';

// A supervisor who listened within their own scope, and goes on listening when the agent has left it.

const stack = attacked();
const TEAM = 'attack-listened';
/** A tone is judged by the newest 100 ms. */
const PACKETS_OF_A_WINDOW = 6;
const SHARE = 0.1;

interface Live {
  readonly calls: readonly { readonly callId: string; readonly listeners?: readonly unknown[] }[];
}
interface AuditRows {
  readonly rows: readonly { readonly what: string; readonly who: string; readonly object?: string; readonly reason?: string }[];
}

test('a listening ends by itself when the agent leaves the team of whoever listens, with its row', async () => {
  const [admin, agent] = [await stack.signIn('admin'), await stack.signIn('agent1')];
  const { users } = await asked<{ users: { id: string; name: string }[] }>(stack, admin, 'GET', '/api/users');
  const agentId = users.find(({ name }) => name === 'agent1')?.id ?? '';
  const teamOf = (userIds: readonly string[]): Promise<unknown> => asked(stack, admin, 'PUT', `/api/teams/${TEAM}/members`, { userIds });
  await asked(stack, admin, 'PUT', `/api/teams/${TEAM}`, { name: { 'zh-CN': '被监听组' } });
  await teamOf([agentId]);
  const { acknowledge } = await asked<{ acknowledge?: { textVersion: number } }>(stack, agent, 'GET', '/api/listening/mine');
  if (acknowledge !== undefined)
    await asked(stack, agent, 'POST', '/api/listening/mine/acknowledgement', { textVersion: acknowledge.textVersion });
  const leader = await newPerson(stack, admin, { name: 'attack-listener', roles: ['supervisor'], scope: { teams: [TEAM] } });

  await using conversation = await Conversation.begin(stack);
  const { callId } = conversation;
  const seat = await BareSeat.openAs(stack, leader.token);
  try {
    const whole = await stack.signIn('supervisor');
    const listeners = async (): Promise<number> =>
      (await asked<Live>(stack, whole, 'GET', '/api/calls/live')).calls.find((call) => call.callId === callId)?.listeners?.length ?? 0;
    const told: string[] = [];
    seat.socket.on('fact', ({ name }: { name: string }) => told.push(name));
    await seat.ask('call:monitor', { callId, mode: 'listen', reason: 'training', note: '' });
    const { sound } = seat.phone;
    // When two talk at once, each has a share.
    const hearsCaller = (): boolean => shareOfTone(sound.newest, CALLER_HZ) > SHARE;
    await until(hearsCaller, (hears) => hears, 10_000);
    expect(await listeners()).toBe(1);
    // Listening goes on while the agent is in the team, also after several checks.
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    expect(await listeners()).toBe(1);

    await teamOf([]);
    await until(listeners, (count) => count === 0, 12_000);
    await until(
      () => told,
      (names) => names.includes('listening.cut'),
      5_000,
    );
    // Whatever sound comes from now on is nobody's voice.
    const before = sound.packetsReceived;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(sound.packetsReceived > before + PACKETS_OF_A_WINDOW && hearsCaller()).toBe(false);
    await conversation.bothHear();
    expect((await asked<Live>(stack, whole, 'GET', '/api/calls/live')).calls.map((call) => call.callId)).toContain(callId);
    await expect(seat.ask('call:monitor', { callId, mode: 'listen', reason: 'training', note: '' })).rejects.toThrow(/not-found/);
    const auditor = await stack.signIn('auditor');
    const { rows } = await until(
      () => asked<AuditRows>(stack, auditor, 'GET', `/api/audit?object=${encodeURIComponent(`call:${callId}`)}`),
      ({ rows: found }) => found.some(({ reason }) => reason === 'stop · out-of-reach'),
      5_000,
    );
    expect(rows.find(({ reason }) => reason === 'stop · out-of-reach')).toMatchObject({
      who: 'system:listening',
      what: 'call.monitored',
    });
  } finally {
    await seat.leave();
  }
}, 90_000);

import { Redis } from 'ioredis';
import { createIdentity } from '../../../services/identity/index.js';
import type { OfferedCall } from '../../../services/shared/contracts/calls/seat-socket.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { connectMongo } from '../../../services/shared/platform/stores/mongo.js';
import { BareSeat } from '../bare-seat.js';
import { SipPhone } from '../phones/sip-phone.js';
import type { Stack } from '../stack.js';
import { newPerson } from './people.js';

const NUMBER = '4001095';
const SESSION_MS = 900_000;
const WITHIN_MS = 8_000;
export const CALLER_HERTZ = 440;
export const AGENT_HERTZ = 660;

type MonitorMode = 'listen' | 'whisper' | 'barge';

/** A call in which both talk, and a supervisor of its own. */
export interface ListenedCall {
  readonly callId: string;
  readonly caller: SipPhone;
  readonly agent: BareSeat;
  readonly supervisor: BareSeat;
  monitor(mode: MonitorMode | 'stop'): Promise<unknown>;
}

async function asked(stack: Stack, token: string, method: 'GET' | 'PUT' | 'POST', path: string, body?: unknown): Promise<unknown> {
  const answer = await stack.http(method, `/api${path}`, { token, body });
  if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}`);
  return answer.body;
}

/** Opens that many calls in the running product; nobody listens yet. */
export async function listenedCalls(stack: Stack, count: number): Promise<readonly ListenedCall[]> {
  const admin = await stack.signIn('admin');
  const flow = { noticeMode: 'while-ringing', noticePromptId: 'beep', start: 'q', steps: { q: { kind: 'queue', queueId: 'service' } } };
  await asked(stack, admin, 'PUT', `/numbers/${NUMBER}`, { name: 'listened', status: 'in-service', language: 'en', flow });
  const valkey = new Redis(stack.config.VALKEY_URL);
  const mongo = await connectMongo(stack.config);
  const audit = async (): Promise<void> => undefined;
  const identity = createIdentity({ config: stack.config, mongo, valkey, audit, log: silentLogger, sessionEnded: audit });
  try {
    const calls: ListenedCall[] = [];
    for (let place = 0; place < count; place += 1) {
      const name = `listened${place}`;
      const { token } = await identity.openSession({ userId: name, name, roles: ['agent'], lastsMs: SESSION_MS });
      const mine = (await asked(stack, token, 'GET', '/listening/mine')) as { readonly acknowledge?: { readonly textVersion: number } };
      if (mine.acknowledge !== undefined)
        await asked(stack, token, 'POST', '/listening/mine/acknowledgement', { textVersion: mine.acknowledge.textVersion });
      // With an account: a listening of somebody who has lost the right ends by itself.
      const { token: listener } = await newPerson(stack, admin, { name: `listener${place}`, roles: ['supervisor'] });
      calls.push(await talking(stack, await BareSeat.openAs(stack, token), await BareSeat.openAs(stack, listener)));
    }
    return calls;
  } finally {
    await mongo.close();
    valkey.disconnect();
  }
}

async function talking(stack: Stack, agent: BareSeat, supervisor: BareSeat): Promise<ListenedCall> {
  const { address, port } = stack.sip;
  const caller = await SipPhone.open(
    { server: stack.sip, local: '127.0.0.1', from: `sip:13800000003@${address}` },
    `sip:${NUMBER}@${address}:${port}`,
  );
  await agent.ready();
  const rings = agent.next<OfferedCall>('call:offered');
  const status = await caller.call();
  if (status !== 200) throw new Error(`the caller was answered ${status}`);
  const { callId, offerId } = await rings;
  await agent.ask('call:answer', { callId, offerId });
  caller.sound.play(CALLER_HERTZ, 0.3);
  agent.phone.sound.play(AGENT_HERTZ, 0.3);
  await Promise.all([caller.sound.untilHears(AGENT_HERTZ, WITHIN_MS), agent.phone.sound.untilHears(CALLER_HERTZ, WITHIN_MS)]);
  const monitor = (mode: MonitorMode | 'stop'): Promise<unknown> =>
    supervisor.ask('call:monitor', { callId, mode, ...(mode === 'stop' ? {} : { reason: 'training', note: '' }) });
  return { callId, caller, agent, supervisor, monitor };
}

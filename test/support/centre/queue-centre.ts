// A centre where sipp calls a queue and sends sound; seats answer, talk a second and hang up.
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { SipPhone } from '../../../services/proof-call/adapters/sip-phone.js';
import { failureOf } from '../../../services/shared/domain/failure.js';
import { markSeat, rememberSession, seatPassword } from '../../../services/shared/platform/events/live-sessions.js';
import { issueSeatTicket } from '../../../services/shared/platform/network/sip-doors.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { createValkeyBus } from '../../../services/shared/platform/events/valkey-bus.js';
import { createValkeyCommands } from '../../../services/shared/platform/events/valkey-commands.js';
import { carrierCertificates } from '../phones/certificates.js';
import { openSeatLink } from '../seat-link.js';
import { SippCallers } from '../phones/sipp-callers.js';
import { Stack } from '../stack.js';
import { until } from '../until.js';

const SIGN_IN_EVERY_MS = 10;
const TALK_MS = 1_000;
/** The time that a process spends compiling its code belongs to its first minute, not to a call. */
const WARM_UP = { rate: 20, calls: 1_000 };
const DRAIN_MS = 30_000;
/** Ports for as many calls as a site has: four for each leg at the relay, four for each call at the recorder. */
const PORTS = { RTPENGINE_PORT_MIN: '20000', RTPENGINE_PORT_MAX: '29999', RECORDER_PORT_MIN: '30000', RECORDER_PORT_MAX: '32699' };
const NUMBER = '4001098';
const HOST = '127.0.0.1';
const SECURE_TRUNK = {
  id: 'secure',
  name: 'TLS',
  addresses: [HOST],
  transport: 'tls',
  mediaEncryption: 'required',
  enabled: true,
} as const;
const SESSION_MS = 600_000;
const MARK_EVERY_MS = 10_000;

/** A product with `seats` that are ready. `members`: the queue has that many, of whom the seats are signed in. */
export async function openQueueCentre({
  seats,
  members = 0,
  withSound = false,
  secureTrunk = false,
  talkMs = TALK_MS,
  env = {},
}: {
  readonly seats: number;
  readonly members?: number;
  /** Seats send sound as well. */
  readonly withSound?: boolean;
  /** Callers may come over TLS with encrypted sound too. */
  readonly secureTrunk?: boolean;
  readonly talkMs?: number;
  readonly env?: Readonly<Record<string, string>>;
}) {
  const folder = await mkdtemp(join(tmpdir(), 'queue-calls-'));
  const { authority, ours, right } = await carrierCertificates(folder, 'carrier.test');
  const tls = { SIP_TLS_CERT_FILE: ours.certFile, SIP_TLS_KEY_FILE: ours.keyFile, SIP_TLS_CA_FILE: authority.certFile };
  const stack = await Stack.start({ layout: 'roles', env: { ...PORTS, ...(secureTrunk ? tls : {}), ...env } });
  const callers = new SippCallers({ folder, number: NUMBER, host: HOST, ports: stack.ready.ports, certificate: right });
  const valkeyUrl = stack.config.VALKEY_URL;
  const valkey = new Redis(valkeyUrl);
  const bus = createValkeyBus({ url: valkeyUrl, log: silentLogger });
  const commands = createValkeyCommands({ url: valkeyUrl, log: silentLogger });

  const admin = await stack.signIn('admin');
  const put = async (path: string, body: unknown): Promise<void> => {
    const answer = await stack.http('PUT', `/api${path}`, { token: admin, body });
    if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  };
  const flow = { noticeMode: 'while-ringing', noticePromptId: 'beep', start: 'q', steps: { q: { kind: 'queue', queueId: 'service' } } };
  await put(`/numbers/${NUMBER}`, { name: 'bench', status: 'in-service', language: 'en', flow });
  await put('/queues/service', {
    name: { 'zh-CN': '客户服务', en: 'Customer service' },
    wrapUp: { mode: 'none', ms: 0, extendable: false },
    maxLength: 10_000,
    ...(members === 0 ? {} : { members: Array.from({ length: members }, (_, index) => `bench${index}`) }),
  });

  if (secureTrunk) await put(`/trunks/${SECURE_TRUNK.id}`, SECURE_TRUNK);

  const counts = { connected: 0, completed: 0, archived: 0 };
  /** Emits `all` with the last of the recordings that are awaited. */
  const stored = new EventEmitter();
  let awaited = 0;
  /** Unexpected ends of calls, and refused orders. */
  const ends = new Map<string, number>();
  const refused = (what: string) => (error: unknown) => {
    const key = `${what} ${failureOf(error)}`;
    ends.set(key, (ends.get(key) ?? 0) + 1);
  };
  const rings: number[] = [];
  /** Once it is set, conversations go on until somebody ends them. */
  let held: (() => void)[] | undefined;
  const arrivedAt = new Map<string, number>();
  await bus.follow(({ name, event }) => {
    if (name === 'call.arrived') arrivedAt.set(event.callId, Date.parse(event.at));
    else if (name === 'call.offered') {
      rings.push(Date.parse(event.at) - (arrivedAt.get(event.callId) ?? Number.NaN));
      const { callId, agentId, offerId } = event;
      void commands.send('call.answer', { callId, agentId, offerId }).catch(refused('answer'));
    } else if (name === 'call.connected') {
      counts.connected += 1;
      const { callId, agentId } = event;
      const hangUp = (): void => void commands.send('call.hang-up', { callId, agentId }).catch(refused('hang-up'));
      if (held !== undefined) held.push(hangUp);
      else setTimeout(hangUp, talkMs);
    } else if (name === 'call.ended') {
      if (event.cause === 'completed') counts.completed += 1;
      else ends.set(event.cause, (ends.get(event.cause) ?? 0) + 1);
    } else if (name === 'recording.archived') {
      counts.archived += 1;
      if (counts.archived === awaited) stored.emit('all');
    }
  });

  const agents = Array.from({ length: seats }, (_, index) => `bench${index}`);
  const marks = setInterval(() => void Promise.all(agents.map((agentId) => markSeat(valkey, agentId))), MARK_EVERY_MS);
  const phones: SipPhone[] = [];
  for (const agentId of agents) {
    const sessionId = `session-${agentId}`;
    const scope = { queues: [], sites: [], clientUnits: [] };
    await rememberSession(valkey, sessionId, { userId: agentId, name: agentId, roles: ['agent'], scope }, SESSION_MS);
    await markSeat(valkey, agentId);
    await commands.send('agent.sign-in', { agentId, name: agentId, sessionId });
    // More sign-ins at once from one address would be taken for a flood.
    await new Promise((resolve) => setTimeout(resolve, SIGN_IN_EVERY_MS));
    const phone = await SipPhone.open(
      {
        server: await openSeatLink(`${stack.web.replace('https', 'wss')}/sip?ticket=${await issueSeatTicket(valkey, sessionId)}`),
        local: HOST,
        from: `sip:${sessionId}@proofline.invalid`,
        credential: { username: sessionId, password: seatPassword(stack.config.SEAT_KEY, sessionId) },
      },
      'sip:seat@proofline.invalid',
    );
    if ((await phone.call()) !== 200) throw new Error('a seat was not let in');
    // The seats are silent: the generator must not take processor time from what is measured.
    if (!withSound) phone.sound.pause();
    phones.push(phone);
  }
  for (const agentId of agents)
    await until(
      () => commands.send('agent.set-state', { agentId, state: 'ready' }).catch(() => undefined),
      (answer) => answer?.state === 'ready',
    );

  /** Calls at a rate, and waits until every recording is stored or half a minute is over; how long that took after the last call. */
  async function callsAndRecordings(rate: number, total: number): Promise<{ failed: number; storedAfterS: number }> {
    Object.assign(counts, { connected: 0, completed: 0, archived: 0 });
    ends.clear();
    rings.length = 0;
    awaited = total;
    const { failed } = await callers.call(rate, total);
    const endedAtMs = Date.now();
    const limit = AbortSignal.timeout(DRAIN_MS);
    if (counts.archived < total)
      await once(stored, 'all', { signal: limit }).catch((error: unknown) => {
        if (!limit.aborted) throw error;
      });
    return { failed, storedAfterS: (Date.now() - endedAtMs) / 1_000 };
  }

  return {
    stack,
    counts,
    ends,
    rings,
    callers,
    callsAndRecordings,
    warmUp: () => callsAndRecordings(WARM_UP.rate, WARM_UP.calls),
    /** From now on conversations go on; the returned list fills with functions that end each of them. */
    hold(): readonly (() => void)[] {
      held = [];
      return held;
    },
    async close(): Promise<void> {
      clearInterval(marks);
      for (const phone of phones) phone.close();
      await bus.close();
      await commands.close();
      valkey.disconnect();
      await stack[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

// A centre where sipp calls a queue and sends sound; seats answer, talk a second and hang up.
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { SipPhone } from '../../services/evidence/proof-call/adapters/sip-phone.js';
import { failureOf } from '../../services/shared/domain/failure.js';
import { markSeat, rememberSession, seatPassword } from '../../services/shared/platform/live-sessions.js';
import { issueSeatTicket } from '../../services/shared/platform/sip-doors.js';
import { silentLogger } from '../../services/shared/platform/logger.js';
import { createValkeyBus } from '../../services/shared/platform/valkey-bus.js';
import { createValkeyCommands } from '../../services/shared/platform/valkey-commands.js';
import { openSeatLink } from './seat-link.js';
import { Stack } from './stack.js';
import { until } from './until.js';

const SIGN_IN_EVERY_MS = 10;
const TALK_MS = 1_000;
/** What a process spends on compiling its code is of its first minute, not of a call. */
const WARM_UP = { rate: 20, calls: 1_000 };
const DRAIN_MS = 30_000;
/** Ports for as many calls as a site has: four for each leg at the relay, four for each call at the recorder. */
const PORTS = { RTPENGINE_PORT_MIN: '20000', RTPENGINE_PORT_MAX: '29999', RECORDER_PORT_MIN: '30000', RECORDER_PORT_MAX: '32699' };
const NUMBER = '4001098';
const HOST = '127.0.0.1';
const SESSION_MS = 600_000;
const MARK_EVERY_MS = 10_000;

const SCENARIO = `<?xml version="1.0" encoding="ISO-8859-1"?>
<scenario name="caller">
  <send retrans="500"><![CDATA[
    INVITE sip:${NUMBER}@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: <sip:13800000002@[local_ip]>;tag=[call_number]
    To: <sip:${NUMBER}@[remote_ip]>
    Call-ID: [call_id]
    CSeq: 1 INVITE
    Contact: <sip:sipp@[local_ip]:[local_port]>
    Max-Forwards: 70
    Content-Type: application/sdp
    Content-Length: [len]

    v=0
    o=sipp 1 1 IN IP4 [local_ip]
    s=-
    c=IN IP4 [media_ip]
    t=0 0
    m=audio [rtpstream_audio_port] RTP/AVP 8 101
    a=rtpmap:8 PCMA/8000
    a=rtpmap:101 telephone-event/8000
    a=fmtp:101 0-15

  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="200" rrs="true"/>
  <send><![CDATA[
    ACK [next_url] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: <sip:13800000002@[local_ip]>;tag=[call_number]
    To: <sip:${NUMBER}@[remote_ip]>[peer_tag_param]
    Call-ID: [call_id]
    CSeq: 1 ACK
    Max-Forwards: 70
    [routes]
    Content-Length: 0

  ]]></send>
  <nop><action><exec rtp_stream="SOUND,-1,8"/></action></nop>
  <recv request="BYE" timeout="60000"/>
  <send><![CDATA[
    SIP/2.0 200 OK
    [last_Via:]
    [last_From:]
    [last_To:]
    [last_Call-ID:]
    [last_CSeq:]
    Content-Length: 0

  ]]></send>
</scenario>
`;

/** A product with `seats` that are ready. `members`: the queue has so many, of whom the seats are signed in. */
export async function openQueueCentre({
  seats,
  members = 0,
  withSound = false,
  env = {},
}: {
  readonly seats: number;
  readonly members?: number;
  /** Seats send sound as well. */
  readonly withSound?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}) {
  const folder = await mkdtemp(join(tmpdir(), 'queue-calls-'));
  await writeFile(join(folder, 'sound.raw'), Buffer.alloc(8_000, 0x55));
  await writeFile(join(folder, 'caller.xml'), SCENARIO.replace('SOUND', join(folder, 'sound.raw')));

  const stack = await Stack.start({ layout: 'roles', env: { ...PORTS, ...env } });
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

  const counts = { connected: 0, completed: 0, archived: 0 };
  /** Emits `all` with the last of the recordings that are awaited. */
  const stored = new EventEmitter();
  let awaited = 0;
  /** Ends that were not meant, and orders that were refused. */
  const ends = new Map<string, number>();
  const refused = (what: string) => (error: unknown) => {
    const key = `${what} ${failureOf(error)}`;
    ends.set(key, (ends.get(key) ?? 0) + 1);
  };
  const rings: number[] = [];
  /** While it is there, conversations go on until somebody ends them. */
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
      else setTimeout(hangUp, TALK_MS);
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
    // More at once from one address would be taken for a flood.
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
    // The seats are silent: the generator must not take the machine from what is measured.
    if (!withSound) phone.sound.pause();
    phones.push(phone);
  }
  for (const agentId of agents)
    await until(
      () => commands.send('agent.set-state', { agentId, state: 'ready' }).catch(() => undefined),
      (answer) => answer?.state === 'ready',
    );

  /** Runs sipp at a rate; resolves with the calls that it counts as failed. */
  async function calls(rate: number, total: number): Promise<number> {
    const args = ['-sf', join(folder, 'caller.xml'), '-r', String(rate), '-m', String(total), '-l', '5000', '-i', HOST, '-mi', HOST];
    const rest = ['-min_rtp_port', '50000', '-max_rtp_port', '59998', '-trace_stat', '-fd', '1', '-nostdin', '-timeout', '200'];
    const sipp = spawn('sipp', [...args, ...rest, `${stack.sip.address}:${stack.sip.port}`], { cwd: folder, stdio: 'ignore' });
    await once(sipp, 'exit');
    const file = (await readdir(folder)).find((name) => name.endsWith('_.csv'));
    const [head = '', ...rows] = (await readFile(join(folder, file ?? ''), 'utf8')).trim().split('\n');
    await rm(join(folder, file ?? ''));
    return Number(rows.at(-1)?.split(';')[head.split(';').indexOf('FailedCall(C)')] ?? total);
  }

  /** The same, and waits until every recording is stored or half a minute is over; how long that took after the last call. */
  async function callsAndRecordings(rate: number, total: number): Promise<{ failed: number; storedAfterS: number }> {
    Object.assign(counts, { connected: 0, completed: 0, archived: 0 });
    ends.clear();
    rings.length = 0;
    awaited = total;
    const failed = await calls(rate, total);
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
    calls,
    callsAndRecordings,
    warmUp: () => callsAndRecordings(WARM_UP.rate, WARM_UP.calls),
    /** From now on conversations go on; what is returned fills with what ends each. */
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

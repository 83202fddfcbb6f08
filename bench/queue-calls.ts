// Recorded queue calls at rising rates through the whole product, one process a role: sipp calls and sends sound, seats answer, talk a
// second and hang up. What counts as failed: not answered, not talked with, not ended as it should, or without its recording.
// QUEUE_CALLS_HELD=100: instead, what so many conversations at once cost while both sides send sound.
// QUEUE_CALLS_MEMBERS=10000: the queue has so many members, of whom the seats are signed in.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { SipPhone } from '../services/evidence/proof-call/adapters/sip-phone.js';
import { failureOf } from '../services/shared/domain/failure.js';
import { markSeat, rememberSession, seatPassword } from '../services/shared/platform/live-sessions.js';
import { issueSeatTicket } from '../services/shared/platform/sip-doors.js';
import { silentLogger } from '../services/shared/platform/logger.js';
import { createValkeyBus } from '../services/shared/platform/valkey-bus.js';
import { createValkeyCommands } from '../services/shared/platform/valkey-commands.js';
import { childrenOf, statOf } from '../test/support/processes.js';
import { openSeatLink } from '../test/support/seat-link.js';
import { Stack } from '../test/support/stack.js';
import { percentile, report } from './report.js';

const RATES = (process.env['QUEUE_CALLS_RATES'] ?? '5,10,20,40,60').split(',').map(Number);
const SECONDS = Number(process.env['QUEUE_CALLS_SECONDS'] ?? 10);
const HELD = Number(process.env['QUEUE_CALLS_HELD'] ?? 0);
const SEATS = Math.max(120, HELD + 20);
const SIGN_IN_EVERY_MS = 10;
const MEMBERS = Number(process.env['QUEUE_CALLS_MEMBERS'] ?? 0);
const TALK_MS = 1_000;
const HELD_FOR_S = 20;
/** What a process spends on compiling its code is of its first minute, not of a call. */
const WARM_UP = { rate: 20, calls: 1_000 };
const DRAIN_MS = 30_000;
/** As many as a site has, more than the few that a test gets: four a leg at the relay, four a call at the recorder. */
const PORTS = { RTPENGINE_PORT_MIN: '20000', RTPENGINE_PORT_MAX: '29999', RECORDER_PORT_MIN: '30000', RECORDER_PORT_MAX: '32699' };
const NUMBER = '4001098';
const HOST = '127.0.0.1';
/** USER_HZ of Linux: what /proc counts CPU time in. */
const TICKS_PER_S = 100;
const SESSION_MS = 600_000;
const MARK_EVERY_MS = 10_000;

/** Of a process and those that it started. */
const cpuMs = (pid: number): number => {
  const fields = statOf(pid);
  // With the children that it has waited for: encoders are some.
  const own = ([11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0) * 1_000) / TICKS_PER_S;
  return childrenOf(pid).reduce((sum, child) => sum + cpuMs(child), own);
};
const residentMb = (pid: number): number =>
  childrenOf(pid).reduce(
    (sum, child) => sum + residentMb(child),
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
  );

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

const folder = await mkdtemp(join(tmpdir(), 'queue-calls-'));
await writeFile(join(folder, 'sound.raw'), Buffer.alloc(8_000, 0x55));
await writeFile(join(folder, 'caller.xml'), SCENARIO.replace('SOUND', join(folder, 'sound.raw')));

await using stack = await Stack.start({ layout: 'roles', env: PORTS });
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
  ...(MEMBERS === 0 ? {} : { members: Array.from({ length: MEMBERS }, (_, index) => `bench${index}`) }),
});

const counts = { connected: 0, completed: 0, archived: 0 };
/** Ends that were not meant, and orders that were refused. */
const ends = new Map<string, number>();
const refused = (what: string) => (error: unknown) => {
  const key = `${what} ${failureOf(error)}`;
  ends.set(key, (ends.get(key) ?? 0) + 1);
};
const rings: number[] = [];
let holding = false;
const held: (() => void)[] = [];
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
    if (HELD > 0 && holding) held.push(hangUp);
    else setTimeout(hangUp, TALK_MS);
  } else if (name === 'call.ended') {
    if (event.cause === 'completed') counts.completed += 1;
    else ends.set(event.cause, (ends.get(event.cause) ?? 0) + 1);
  } else if (name === 'recording.archived') counts.archived += 1;
});

const agents = Array.from({ length: SEATS }, (_, index) => `bench${index}`);
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
  if (HELD === 0) phone.sound.pause();
  phones.push(phone);
}
for (const agentId of agents)
  for (let tries = 100; ; tries -= 1) {
    const ready = await commands.send('agent.set-state', { agentId, state: 'ready' }).catch(() => undefined);
    if (ready?.state === 'ready') break;
    if (tries === 0) throw new Error('a seat does not become ready');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }

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
  const failed = await calls(rate, total);
  const endedAtMs = Date.now();
  for (const until = Date.now() + DRAIN_MS; counts.archived < total && Date.now() < until;)
    await new Promise((resolve) => setTimeout(resolve, 100));
  return { failed, storedAfterS: (Date.now() - endedAtMs) / 1_000 };
}

await callsAndRecordings(WARM_UP.rate, WARM_UP.calls);

if (HELD > 0) await measureHeld();
else for (const rate of RATES) await measureRate(rate);

/** CPU of all processes while so many conversations go on, in percent of a core and call. */
async function measureHeld(): Promise<void> {
  holding = true;
  const done = calls(10, HELD);
  while (held.length < HELD) await new Promise((resolve) => setTimeout(resolve, 100));
  // What a call costs at its beginning is not of this figure.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const before = new Map(stack.ready.processes.map(({ name, pid }) => [name, cpuMs(pid)]));
  await new Promise((resolve) => setTimeout(resolve, HELD_FOR_S * 1_000));
  const spent = stack.ready.processes.map(({ name, pid }) => ({
    name,
    percent: (cpuMs(pid) - (before.get(name) ?? 0)) / (HELD_FOR_S * 10) / HELD,
  }));
  report({
    what: `${HELD} recorded conversations: CPU of all processes, of a core and call`,
    value: spent.reduce((sum, { percent }) => sum + percent, 0),
    unit: '%',
    target: '<= 0.45 %',
  });
  for (const { name, percent } of spent.sort((a, b) => b.percent - a.percent))
    if (percent >= 0.001) report({ what: `  ${name}`, value: percent, unit: '%' });
  for (const hangUp of held) hangUp();
  await done;
}

async function measureRate(rate: number): Promise<void> {
  const total = rate * SECONDS;
  const before = new Map(stack.ready.processes.map(({ name, pid }) => [name, cpuMs(pid)]));
  const { failed, storedAfterS } = await callsAndRecordings(rate, total);
  const spent = stack.ready.processes.map(({ name, pid }) => ({
    name,
    ms: (cpuMs(pid) - (before.get(name) ?? 0)) / total,
  }));
  const at = `at ${rate} calls/s`;
  report({ what: `${at}: calls that failed, of ${total}`, value: Math.max(failed, total - counts.completed), unit: 'calls', target: '0' });
  for (const [cause, count] of ends) report({ what: `${at}:   ${cause}`, value: count, unit: 'calls' });
  report({ what: `${at}: calls without their recording half a minute later`, value: total - counts.archived, unit: 'calls', target: '0' });
  report({ what: `${at}: the last recording is stored after the last call`, value: storedAfterS, unit: 's' });
  report({ what: `${at}: INVITE to ring, p50`, value: percentile(rings, 0.5), unit: 'ms' });
  report({ what: `${at}: INVITE to ring, p95`, value: percentile(rings, 0.95), unit: 'ms' });
  report({
    what: `${at}: CPU of all processes`,
    value: spent.reduce((sum, { ms }) => sum + ms, 0),
    unit: 'ms/call',
  });
  for (const { name, ms } of spent.sort((a, b) => b.ms - a.ms))
    if (ms >= 0.1) report({ what: `${at}:   ${name}`, value: ms, unit: 'ms/call' });
}
for (const { name, pid } of stack.ready.processes) report({ what: `memory of ${name} at the end`, value: residentMb(pid), unit: 'MB' });

clearInterval(marks);
for (const phone of phones) phone.close();
await bus.close();
await commands.close();
valkey.disconnect();
await rm(folder, { recursive: true, force: true });

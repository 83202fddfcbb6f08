import { setTimeout as pause } from 'node:timers/promises';
import type { LedgerRow } from '../../../services/recording/ledger/ports.js';
import { SipPhone } from '../phones/sip-phone.js';
import type { Stack } from '../stack.js';

/**
 * Processes of the product that end during calls, by name. The SIP server is not among them: its dialogs end with it
 * (docs/embedded-sip.md).
 */
const processes = ['recorder', 'telephony', 'rtpengine', 'mixer', 'routing', 'api', 'cases', 'valkey', 'objects', 'documents'] as const;
const signals = ['SIGKILL', 'SIGTERM'] as const;

/** A process, and how it ends: `rtpengine SIGKILL`. */
export type Fault = `${(typeof processes)[number]} ${(typeof signals)[number]}`;
export const faults: readonly Fault[] = processes.flatMap((name) => signals.map((signal): Fault => `${name} ${signal}`));

export interface FaultRound {
  readonly fault: Fault;
  readonly calls: number;
  /** Calls that ended before their caller hung up. */
  readonly dropped: number;
  readonly answeredMs: number;
  readonly ms: Readonly<Record<'recorded' | 'paused' | 'no-media' | 'lost', number>>;
  /** Lost time by its declared reason. */
  readonly lostBy: Readonly<Record<string, number>>;
  /** From the kill until the supervisor had started the process again; it is of use a little later. */
  readonly backMs: number;
}

const POLL_MS = 100;
const WITHIN_MS = 180_000;
const CALLER_HZ = 440;

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const begun = performance.now(); ;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() - begun > WITHIN_MS) throw new Error(`${what}: not within ${WITHIN_MS / 1_000} s`);
    // Other processes show these states only in answers: there is no event to wait for.
    await pause(POLL_MS);
  }
}

/**
 * `calls` callers wait in the queue and talk all the time; one process is killed, and some seconds later they hang up; then what the ledger
 * says of each. Somebody must be signed in at the queue, or the callers are sent away.
 */
export async function faultRound(
  stack: Stack,
  fault: Fault,
  { calls, beforeMs, afterMs }: { readonly calls: number; readonly beforeMs: number; readonly afterMs: number },
): Promise<FaultRound> {
  const token = await stack.signIn('supervisor');
  const get = (path: string): Promise<{ status: number; body: unknown }> =>
    stack.http('GET', `/api${path}`, { token }).catch(() => ({ status: 0, body: undefined }));
  const live = async (): Promise<string[]> => {
    const { status, body } = await get('/calls/live');
    return status === 200 ? (body as { calls: { callId: string; state: string }[] }).calls.flatMap(({ callId }) => callId) : [];
  };
  const others = new Set(await live());
  const phones: SipPhone[] = [];
  let dropped = 0;
  try {
    for (let i = 0; i < calls; i += 1) {
      const phone = await SipPhone.open(
        { server: stack.sip, local: '127.0.0.1', from: `sip:138${String(10_000_000 + i)}@127.0.0.1` },
        `sip:4001000@${stack.sip.address}:${stack.sip.port}`,
      );
      phones.push(phone);
      const status = await phone.call();
      if (status !== 200) throw new Error(`a caller was answered ${status}`);
      phone.sound.play(CALLER_HZ);
    }
    const callIds = await until('the calls are live', async () => {
      const own = (await live()).filter((callId) => !others.has(callId));
      return own.length === calls ? own : undefined;
    });
    await pause(beforeMs);
    const [dies = '', signal = ''] = fault.split(' ');
    const before = stack.pidOf(dies);
    const killedAt = performance.now();
    process.kill(before, signal);
    await until(`${dies} is there again`, async () => stack.ready.processes.find(({ name, pid }) => name === dies && pid !== before));
    const backMs = Math.round(performance.now() - killedAt);
    let hungUp = false;
    for (const phone of phones) void phone.ended.then((by) => (by === 'there' && !hungUp ? (dropped += 1) : undefined));
    await pause(afterMs);
    hungUp = true;
    for (const phone of phones) phone.hangUp();
    const rows = await Promise.all(
      callIds.map((callId) =>
        until(`call ${callId} is accounted for`, async () => {
          const { status, body } = await get(`/ledger/calls/${callId}`);
          return status === 200 && (body as LedgerRow).state === 'accounted' ? (body as LedgerRow) : undefined;
        }),
      ),
    );
    return { fault, calls, dropped, backMs, ...sumOf(rows) };
  } finally {
    for (const phone of phones) phone.close();
  }
}

function sumOf(rows: readonly LedgerRow[]): Pick<FaultRound, 'answeredMs' | 'ms' | 'lostBy'> {
  const ms = { recorded: 0, paused: 0, 'no-media': 0, lost: 0 };
  const lostBy: Record<string, number> = {};
  let answeredMs = 0;
  for (const { account } of rows) {
    answeredMs += account?.answeredMs ?? 0;
    for (const { kind, fromMs, toMs, reason } of account?.stretches ?? []) {
      ms[kind] += toMs - fromMs;
      if (kind === 'lost') lostBy[reason ?? ''] = (lostBy[reason ?? ''] ?? 0) + toMs - fromMs;
    }
  }
  return { answeredMs, ms, lostBy };
}

/** One line for people. */
export const roundText = ({ fault, calls, dropped, answeredMs, ms, lostBy, backMs }: FaultRound): string => {
  const s = (value: number): string => (value / 1_000).toFixed(1);
  const why = Object.entries(lostBy).map(([reason, lost]) => `${s(lost)} s: ${reason}`);
  return `${fault.padEnd(18)} ${calls} calls, ${dropped} dropped, started again after ${s(backMs)} s; of ${s(answeredMs)} s: ${s(ms.recorded)} recorded, ${s(ms['no-media'])} without media, ${s(ms.lost)} lost${why.length === 0 ? '' : ` (${why.join('; ')})`}`;
};

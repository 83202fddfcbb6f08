import type { LedgerRow } from '../../services/recording/ledger/ports.js';
import type { SipPhone } from '../support/phones/sip-phone.js';
import type { Stack } from '../support/stack.js';
import { runTool } from '../support/tools.js';
import { until } from '../support/until.js';

/** The result of a fault that goes beyond one process. */
export interface Round {
  /** A name from the list in docs/howto/cluster.md. */
  readonly test: string;
  readonly fault: string;
  readonly calls: number;
  /** Calls that ended before either party hung up. */
  readonly dropped: number;
  /** The longest time in which somebody in conversation was sent no packet. */
  readonly longestGapMs: number;
  readonly answeredMs: number;
  readonly recordedMs: number;
  readonly lostMs: number;
  readonly ledgerIsWhole: boolean;
  readonly auditIsWhole: boolean;
  /** Further measurements, with their units. */
  readonly facts: Readonly<Record<string, string>>;
  /** The expectations that failed; empty when all held. */
  readonly broken: readonly string[];
}

const SAMPLE_MS = 20;

/** Callers of a round: whose call ended by itself, and how long each was sent no packet while it was watched. */
export class Callers {
  readonly #phones: SipPhone[] = [];
  readonly #watches: { stop(): number }[] = [];
  #hungUp = new Set<SipPhone>();
  dropped = 0;

  add(phone: SipPhone): SipPhone {
    this.#phones.push(phone);
    void phone.ended.then((by) => {
      if (by === 'there' && !this.#hungUp.has(phone)) this.dropped += 1;
    });
    return phone;
  }

  /** Watches from now on; somebody is talking to the phone. */
  watch({ sound }: SipPhone): void {
    let [packets, atMs, longestMs] = [sound.packetsReceived, performance.now(), 0];
    const look = (): void => {
      const nowMs = performance.now();
      longestMs = Math.max(longestMs, nowMs - atMs);
      if (sound.packetsReceived === packets) return;
      [packets, atMs] = [sound.packetsReceived, nowMs];
    };
    const timer = setInterval(look, SAMPLE_MS);
    this.#watches.push({
      stop() {
        clearInterval(timer);
        look();
        return longestMs;
      },
    });
  }

  /** Ends the watching; returns the longest gap in milliseconds. */
  longestGapMs(): number {
    return Math.round(Math.max(0, ...this.#watches.splice(0).map((watch) => watch.stop())));
  }

  hangUp(phone: SipPhone): void {
    this.#hungUp.add(phone);
    phone.hangUp();
  }

  /** The other side is about to hang up on it. */
  hungUpThere(phone: SipPhone): void {
    this.#hungUp.add(phone);
  }

  close(): void {
    this.longestGapMs();
    for (const phone of this.#phones) {
      this.#hungUp.add(phone);
      phone.close();
    }
  }
}

type Accounted = Pick<Round, 'answeredMs' | 'recordedMs' | 'lostMs' | 'ledgerIsWhole' | 'auditIsWhole'>;

/**
 * What the ledger and the audit log say once the calls are accounted for. `secrets`: settings of the site that the product writes nowhere.
 */
export async function accountOf(
  stack: Stack,
  callIds: readonly string[],
  secrets: Readonly<Record<string, string>> = {},
): Promise<Accounted> {
  const token = await stack.signIn('supervisor');
  const sum = { answeredMs: 0, recordedMs: 0, lostMs: 0 };
  for (const callId of callIds) {
    const { body } = await until(
      () => stack.http('GET', `/api/ledger/calls/${callId}`, { token }),
      (answer) => answer.status === 200 && (answer.body as LedgerRow).state === 'accounted',
      90_000,
    );
    const { account } = body as LedgerRow;
    sum.answeredMs += account?.answeredMs ?? 0;
    for (const { kind, fromMs, toMs } of account?.stretches ?? []) {
      if (kind === 'recorded') sum.recordedMs += toMs - fromMs;
      if (kind === 'lost') sum.lostMs += toMs - fromMs;
    }
  }
  const [ledger, audit] = [await runTool(stack, 'ledger', ['--check'], secrets), await runTool(stack, 'audit', ['--check'], secrets)];
  return { ...sum, ledgerIsWhole: ledger.code === 0, auditIsWhole: audit.code === 0 };
}

/** Adds to a round's own findings what every round promises. */
export function judged(round: Round): Round {
  const also = [
    ...(round.dropped === 0 ? [] : [`${round.dropped} calls were dropped`]),
    ...(round.lostMs === 0 ? [] : [`${round.lostMs} ms that were answered are lost`]),
    ...(round.ledgerIsWhole ? [] : ['the ledger is not whole']),
    ...(round.auditIsWhole ? [] : ['the audit log is not whole']),
  ];
  return { ...round, broken: [...round.broken, ...also] };
}

const s = (ms: number): string => (ms / 1_000).toFixed(1);

/** One line for people, and one for each thing that did not hold. */
export const roundText = (round: Round): string =>
  [
    `${round.test} ${round.fault}: ${round.calls} calls, ${round.dropped} dropped, longest gap ${round.longestGapMs} ms; ` +
      `of ${s(round.answeredMs)} s answered ${s(round.recordedMs)} s recorded, ${s(round.lostMs)} s lost; ` +
      `ledger ${round.ledgerIsWhole ? 'whole' : 'NOT whole'}, audit log ${round.auditIsWhole ? 'whole' : 'NOT whole'}; ` +
      Object.entries(round.facts)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    ...round.broken.map((what) => `  does not hold: ${what}`),
  ].join('\n');

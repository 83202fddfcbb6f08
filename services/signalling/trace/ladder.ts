import type { z } from 'zod';
import type { Ladder } from '../../shared/contracts/api/calls/sip-traces.js';
import { maskedMessages } from './masked-message.js';
import { fieldOf, labelOf, readSipText } from './sip-text.js';
import type { KeptLeg, TracedLeg } from './trace.js';
import type { AgentId } from '../../shared/domain/ids.js';

/** What the record of a call says besides its SIP legs. */
export interface SeatMark {
  readonly atMs: number;
  readonly what: string;
  readonly agentId?: AgentId | undefined;
}

export const shownLeg = ({ legId, direction, trunkId, fromMasked, toMasked, startedAt }: TracedLeg, lost: number) => ({
  ...{ legId, direction, fromMasked, toMasked, startedAt, lost },
  ...(trunkId === undefined ? {} : { trunkId }),
});

const isoOf = (us: number): string => new Date(Math.floor(us / 1_000)).toISOString();

/** Legs as one ladder in order of time, with masked numbers. */
export function ladderOf(legs: readonly KeptLeg[], marks: readonly SeatMark[] = []): z.input<typeof Ladder> {
  const all = legs.flatMap(({ messages }, leg) => {
    const masked = maskedMessages(messages.map(({ text }) => text));
    return messages.map((message, place) => ({ leg, message, text: masked[place] ?? '' }));
  });
  all.sort((a, b) => a.message.atUs - b.message.atUs);
  const firstUs = Math.min(all[0]?.message.atUs ?? Infinity, ...marks.map(({ atMs }) => atMs * 1_000));
  const after = (us: number): number => (us - firstUs) / 1_000;
  return {
    legs: legs.map(({ leg, messages, lost }) => {
      const far = messages.find((message) => message.far !== undefined)?.far;
      return {
        ...shownLeg(leg, lost),
        ...(far === undefined ? {} : { address: `${far.address}:${String(far.port)}` }),
        transport: messages[0]?.transport ?? 'udp',
      };
    }),
    messages: all.map(({ leg, message, text }) => {
      const sip = readSipText(text);
      return {
        ...{ leg, at: isoOf(message.atUs), afterMs: after(message.atUs), way: message.way, ...labelOf(sip), text },
        cseq: fieldOf(sip, 'CSeq') ?? '',
        // Only the length of any other body is shown.
        hasSdp: /^v=/.test(sip.body),
      };
    }),
    marks: marks.map(({ atMs, what, agentId }) => ({
      ...{ at: new Date(atMs).toISOString(), afterMs: after(atMs * 1_000), what },
      ...(agentId === undefined ? {} : { agentId }),
    })),
  };
}

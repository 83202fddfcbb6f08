import type { World } from '../world.js';
import type { Invariant } from './invariant.js';

/** Each call has exactly one end, one cause and one record; what was promised by an event is not thrown away. */
export function recordsInvariant(world: World): Invariant {
  const name = 'records';
  const arrived = new Set<string>();
  const answered = new Map<string, number>();
  const ended = new Map<string, number>();
  world.bus.witnesses.push((event, { callId, ledgerNumber }) => {
    if (typeof callId !== 'string') return;
    if (event === 'call.arrived') arrived.add(callId);
    if (event === 'call.answered' && typeof ledgerNumber === 'number') answered.set(callId, ledgerNumber);
    if (event === 'call.ended') ended.set(callId, (ended.get(callId) ?? 0) + 1);
  });
  const mayRepeat = (): boolean => world.profile.faults.telephony > 0;
  return {
    name,
    sentence:
      'docs/calls.md: one call record is made from the history of each call, with its cause and by whom; DESIGN 7: every call that was live gets an end, a reason and its recording.',
    end() {
      for (const [callId, ledgerNumber] of answered) {
        const record = world.stores.records.get(callId);
        if (record === undefined) world.fail(name, `${callId} was answered and has no record`, [callId]);
        else if (record.ledgerNumber !== ledgerNumber)
          world.fail(
            name,
            `${callId} was announced with ledger number ${ledgerNumber} and recorded with ${record.ledgerNumber ?? 'none'}`,
            [callId],
          );
      }
      for (const callId of arrived) {
        const ends = ended.get(callId) ?? 0;
        if (ends > 1 && !mayRepeat()) world.fail(name, `${callId} ended ${ends} times`, [callId]);
        if (ends === 0 && (answered.has(callId) || !mayRepeat())) world.fail(name, `${callId} has no end`, [callId]);
        const writes = world.stores.recordWrites.get(callId) ?? 0;
        if (writes > 1 && !mayRepeat()) world.fail(name, `${callId} has ${writes} records`, [callId]);
      }
      const numbers = [...answered.values()];
      if (new Set(numbers).size !== numbers.length) world.fail(name, 'two calls have the same ledger number');
      for (const { subscriber, name: event } of world.bus.setAside)
        world.fail(name, `${event} was set aside by ${subscriber}: what it promised is lost`);
    },
  };
}

/** Seconds add up: talks and holds lie in the answered time and do not overlap. */
export function secondsInvariant(world: World): Invariant {
  const name = 'seconds';
  return {
    name,
    sentence: 'docs/calls.md: one record is made from the history of a call: who talked when, holds and declared pauses.',
    end() {
      for (const record of world.stores.records.values()) {
        const { callId, answeredAt, endedAt, talks, holds, pauses, agentAnsweredAt } = record;
        const from = answeredAt?.getTime() ?? endedAt.getTime();
        for (const span of [...talks, ...holds, ...pauses])
          if (span.from.getTime() < from || span.to.getTime() > endedAt.getTime() || span.to.getTime() < span.from.getTime())
            world.fail(name, `${callId} has a stretch outside its answered time`, [callId]);
        if (agentAnsweredAt !== undefined && talks.length === 0)
          world.fail(name, `${callId} was answered by an agent and nobody talked`, [callId]);
        const sorted = [...talks].sort((a, b) => a.from.getTime() - b.from.getTime());
        sorted.forEach((talk, at) => {
          const next = sorted[at + 1];
          if (next !== undefined && next.agentId === talk.agentId && next.from.getTime() < talk.to.getTime())
            world.fail(name, `${callId}: ${talk.agentId} talks twice at once`, [callId]);
        });
      }
    },
  };
}

/** Nothing of one person is told of another; a withheld number is nobody. */
export function personsInvariant(world: World): Invariant {
  const name = 'persons';
  const queuedAs = new Map<string, string | undefined>();
  world.bus.witnesses.push((event, { callId, callerHash }) => {
    if (event === 'call.queued' && typeof callId === 'string')
      queuedAs.set(callId, typeof callerHash === 'string' ? callerHash : undefined);
  });
  return {
    name,
    sentence:
      'docs/security.md and docs/routing.md: what is remembered of a caller is remembered under the hash of the number; a withheld number is nobody.',
    end() {
      const personOf = new Map<string, string>();
      for (const { callId, callerNumber, callerHash } of world.stores.records.values()) {
        const hashes = [callerHash, queuedAs.get(callId)].filter((hash) => hash !== undefined);
        if (callerNumber === 'anonymous' && hashes.length > 0)
          world.fail(name, `${callId} of a withheld number was published as a person`, [callId]);
        for (const hash of hashes) {
          const known = personOf.get(hash) ?? callerNumber;
          personOf.set(hash, known);
          if (known !== callerNumber) world.fail(name, `${callId} is taken for another person`, [callId]);
        }
      }
    },
  };
}

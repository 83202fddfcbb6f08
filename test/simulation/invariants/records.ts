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

/** Nothing about one person is told of another, however their numbers are written; a withheld number is nobody. */
export function personsInvariant(world: World): Invariant {
  const name = 'persons';
  const hashesOf = new Map<string, Set<string>>();
  const arrivedAs = new Map<string, string | undefined>();
  const add = (callId: string, hash: string): void => void hashesOf.set(callId, (hashesOf.get(callId) ?? new Set()).add(hash));
  const remember = (callId: string): void => {
    if (!arrivedAs.has(callId)) {
      const person = world.personOf(callId);
      if (person !== undefined) arrivedAs.set(callId, person);
    }
  };
  const isAnother = (a: string, b: string): boolean => {
    const [one, other] = [arrivedAs.get(a), arrivedAs.get(b)];
    return one !== undefined && other !== undefined && (one !== other || one === '') && a !== b;
  };
  world.bus.witnesses.push((event, { callId, callerHash, attemptId }) => {
    if (typeof callId !== 'string') return;
    remember(callId);
    // A third party outside who refuses is another person than the caller.
    const isTheirs = event === 'call.queued' || (event === 'call.refused-by-key' && attemptId === undefined);
    if (isTheirs && typeof callerHash === 'string') add(callId, callerHash);
  });
  world.onBriefing.push((callId, earlier, complaints) => {
    remember(callId);
    const of = [
      ...earlier.map((contact) => contact.callId),
      ...complaints.flatMap(({ id }) => world.paperwork.complaints.get(id)?.callIds ?? []),
    ];
    const strange = of.find((other) => isAnother(callId, other));
    if (strange !== undefined)
      world.fail(name, `the briefing of ${callId} shows what belongs to another person (${strange})`, [callId, strange]);
  });
  return {
    name,
    sentence:
      'docs/security.md and docs/routing.md: what is remembered of a caller is remembered under the hash of the number, whatever way it is written; a withheld number is nobody.',
    end() {
      for (const { callId, callerHash } of world.stores.records.values()) {
        remember(callId);
        if (callerHash !== undefined) add(callId, callerHash);
      }
      const hashOf = new Map<string, string>();
      const personOf = new Map<string, string>();
      for (const [callId, hashes] of hashesOf) {
        const person = arrivedAs.get(callId);
        if (person === undefined) continue;
        for (const hash of hashes) {
          if (person === '') world.fail(name, `${callId} of a withheld number was published as a person`, [callId]);
          else if ((hashOf.get(person) ?? hash) !== hash) world.fail(name, `${callId}: one person is two for the product`, [callId]);
          else if ((personOf.get(hash) ?? person) !== person) world.fail(name, `${callId} is taken for another person`, [callId]);
          hashOf.set(person, hash);
          personOf.set(hash, person);
        }
      }
      for (const { id, number, callIds, joinedInto } of world.paperwork.complaints.values()) {
        const into = world.paperwork.complaints.get(joinedInto ?? '');
        const pairs = [...callIds.slice(1), ...(into?.callIds ?? [])];
        const strange = pairs.find((other) => isAnother(callIds[0] ?? '', other));
        if (strange !== undefined) world.fail(name, `complaint ${number} holds or joins calls of another person`, [id, strange]);
      }
    },
  };
}

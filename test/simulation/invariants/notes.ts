import { MOST_FAVOURITES } from '../../../services/shared/contracts/api/customers/workspace.js';
import type { WrittenNote } from '../people/note-people.js';
import type { World } from '../world.js';
import type { Invariant } from './invariant.js';

/** Both sides see a new note at once (docs/handbook/agent.md); the rest is time on the way. */
const TOLD_MS = 2_000;
/** The time between checking who is in a team, or whether the call goes on, and acting on it. */
const LATELY_MS = 12_000;
const OVER_MS = 3_000;
/** How many pages of one person may mark at the same time. */
const AT_ONCE = 6;

/** All that is known of a call: who was rung at, talked, listened. */
const traceOf = ({ stores }: World, callId: string): string => JSON.stringify(stores.liveCall(callId) ?? stores.records.get(callId) ?? '');

/** Whether the documents let a person see a call: its agents, and supervisors who lead one of them or see the whole site. */
function mayReach(world: World, userId: string, callId: string, sinceMs: number): boolean {
  const { staff, site } = world;
  const trace = traceOf(world, callId);
  const isIn = (agentId: string): boolean => trace.includes(`"${agentId}"`);
  if (isIn(userId)) return true;
  if (!site.supervisors.includes(userId)) return false;
  const teams = staff.ledBy(userId);
  if (teams === undefined) return true;
  const beganMs = world.stores.records.get(callId)?.invitedAt.getTime() ?? sinceMs;
  const withinMs = world.scheduler.nowMs - Math.min(beganMs, sinceMs) + LATELY_MS;
  return site.agents.some((agentId) => isIn(agentId) && staff.wasIn(agentId, teams, withinMs));
}

/** Who talks for the centre in a call. */
function talks({ stores }: World, callId: string): string | undefined {
  const stage = stores.liveCall(callId)?.stage;
  return stage?.kind === 'connected' ? stage.agentId : undefined;
}

/** A note on a call exists once, under its author's name, and is read by its two sides and nobody else. */
export function notesInvariant(world: World): Invariant {
  const name = 'notes';
  const { desk, notes, scheduler, stores } = world;
  const fail = (text: string, about: readonly string[]): void => world.fail(name, text, about);

  /** The side that did not write must be told: the agent in the conversation, and whoever has the call's page open. */
  function mustBeTold({ callId, by, askedMs, asked }: WrittenNote): void {
    // If the note was sent again, the news may have come with the first attempt.
    if (asked > 1 || world.isDisturbed) return;
    const readers = notes.readersOf(callId, askedMs - TOLD_MS);
    const agentId = talks(world, callId);
    scheduler.after(TOLD_MS, () => {
      if (world.isDisturbed) return;
      const isHere = notes.readersOf(callId, askedMs - TOLD_MS);
      for (const reader of readers) {
        const isOne = reader.as === 'page' || (reader.userId === agentId && talks(world, callId) === agentId);
        if (!isOne || !isHere.some(({ userId, as }) => userId === reader.userId && as === reader.as)) continue;
        if (notes.toldMs(reader, callId) < askedMs) fail(`${reader.userId} is not told of what ${by} noted`, [reader.userId, callId]);
      }
    });
  }

  desk.notes.onDone.push((note) => {
    const { callId, by, askedMs } = note;
    if (!mayReach(world, by, callId, askedMs)) fail(`${by} noted something on a call that is out of reach`, [by, callId]);
    const endedMs = stores.records.get(callId)?.endedAt.getTime() ?? Number.POSITIVE_INFINITY;
    if (endedMs + OVER_MS < askedMs) fail(`${by} noted something on a call that is over`, [by, callId]);
    mustBeTold(note);
  });
  desk.notes.onRead.push((userId, callId, shown, askedMs) => {
    if (shown === undefined) {
      const isTalking = talks(world, callId) === userId || (world.staff.ledBy(userId) === undefined && userId.startsWith('s'));
      if (isTalking && !world.isDisturbed && stores.calls.has(callId)) fail(`${userId} does not reach the own call`, [userId, callId]);
      return;
    }
    if (!mayReach(world, userId, callId, askedMs)) fail(`${userId} reads notes on a call that is out of reach`, [userId, callId]);
    const written = desk.notes.written.filter((note) => note.callId === callId);
    const strange = shown.find(
      ({ noteId, by, text }) => !written.some((own) => own.noteId === noteId && own.by === by && own.text === text),
    );
    if (strange !== undefined) fail(`${userId} reads ${strange.noteId}, which nobody wrote so on this call`, [userId, callId]);
    for (const { noteId, doneMs = Number.POSITIVE_INFINITY } of written) {
      const times = shown.filter((each) => each.noteId === noteId).length;
      if (times > 1 || (times === 0 && doneMs < askedMs)) fail(`${userId} reads ${noteId} ${times} times`, [userId, callId]);
    }
  });
  return {
    name,
    sentence:
      'docs/handbook/agent.md and supervisor.md: the agents of a call and the supervisors who see it write notes while it goes on and read a new one at once; nobody changes a note, none is added after the end, and they stay with the record.',
    end() {
      for (const { callId, noteId, by, text, doneMs, refused } of desk.notes.written) {
        const kept = notes.kept.one(callId, noteId);
        const about = [by, callId];
        if (doneMs !== undefined && (kept?.by.userId !== by || kept.text !== text))
          fail(`${noteId} of ${by} is not kept as it was written`, about);
        if (kept === undefined || refused === undefined) continue;
        const isOut = refused === 'not-found' && stores.records.get(callId)?.agentIds.includes(by) !== true;
        if (!isOut && doneMs === undefined) fail(`${by} was told ${refused} of ${noteId}, which stands on the call`, about);
      }
    },
  };
}

/** An agent's own list of the day and own favourites. */
export function ownPageInvariant(world: World): Invariant {
  const name = 'own page';
  const { desk, notes, stores } = world;
  desk.own.onCalls.push((userId, shown, limit, askedMs) => {
    const own = [...stores.records.values()].filter(({ agentIds }) => agentIds.includes(userId));
    const strange = shown.find(({ callId }) => !own.some((record) => record.callId === callId));
    if (strange !== undefined) world.fail(name, `${userId} is shown a call of others`, [userId, strange.callId]);
    const missing = own.filter(({ callId, endedAt }) => endedAt.getTime() < askedMs && !shown.some((row) => row.callId === callId));
    if (missing.length > 0 && own.length <= limit) world.fail(name, `${userId} is not shown an own call`, [userId]);
    if (shown.some((row, place) => place > 0 && row.callId > (shown[place - 1]?.callId ?? '')))
      world.fail(name, `the calls of ${userId} are out of order`, [userId]);
    for (const row of shown) {
      const record = stores.records.get(row.callId);
      const text = JSON.stringify(row);
      const secrets = [
        record?.callerMasked === record?.callerNumber ? '' : record?.callerNumber,
        record?.direction === 'inbound' ? record.callerHash : '',
      ];
      const hidden = secrets.find((each) => each !== undefined && each !== '' && text.includes(`"${each}"`));
      if (hidden !== undefined) world.fail(name, `${userId} is shown a whole number or its hash`, [userId, row.callId]);
      const listened = row.history.find(({ what, detail }) => what === 'party-joined' && (detail === 'listen' || detail === 'whisper'));
      if (listened !== undefined) world.fail(name, `${userId} is shown who listened`, [userId, row.callId]);
    }
  });
  const ofOthers = (userId: string, shown: readonly string[]): void => {
    const strange = shown.find((each) => !each.startsWith(`outside:${userId} `));
    if (strange !== undefined) world.fail(name, `${userId} is shown ${strange}, which somebody else has marked`, [userId]);
    if (new Set(shown).size < shown.length) world.fail(name, `${userId} has marked something twice`, [userId]);
    if (shown.length > MOST_FAVOURITES) world.fail(name, `${userId} has ${shown.length} marks`, [userId]);
  };
  desk.own.onFavourites.push((userId, shown) => {
    ofOthers(userId, shown);
    const kept = notes.favourites.get(userId) ?? [];
    // While the answer is on its way, another page may mark.
    if (shown.length === 0 && kept.length > AT_ONCE) world.fail(name, `${userId} is shown no mark and has ${kept.length}`, [userId]);
  });
  desk.own.onMarked.push((userId, done) => {
    const { favourite, marked } = done;
    const kept = notes.favourites.get(userId) ?? [];
    if ('shown' in done) {
      ofOthers(userId, done.shown);
      if (done.shown.includes(favourite) !== marked)
        world.fail(name, `${userId} was told that ${favourite} is ${marked ? '' : 'not '}marked, and is shown ${done.shown.join()}`, [
          userId,
        ]);
    } else if (done.refused === 'not-supported' && (!marked || kept.length < MOST_FAVOURITES - AT_ONCE))
      world.fail(name, `${userId} has ${kept.length} marks and may make no more`, [userId]);
  });
  return {
    name,
    sentence:
      'docs/handbook/agent.md: the list of the day shows the own calls alone, without numbers and without who listened; whom somebody marked stands first for them alone, 30 at most.',
  };
}

/** What a route answers, and how it fails. */
export const contractInvariant = (): Invariant => ({
  name: 'contract',
  sentence: 'docs/adr/0026-one-contract.md: what a route answers and the failures that it may have stand in the contract.',
});

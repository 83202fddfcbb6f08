import type { Call } from '../../../services/calls/machine/call.js';
import type { Chat } from '../../../services/supervision/chat-service.js';
import type { World } from '../world.js';
import { createPatience, type Invariant } from './invariant.js';
import { supervisorsIn } from './listening.js';

/** The handbook says six seconds; the rest is the time that the order takes. */
const LISTENS_ON_MS = 7_500;
/** What a scope covers is computed every two seconds, and an idle board is sent every five. */
const BOARD_MS = 10_000;
const STATE_MS = 3_000;
/** The time between checking who is in a team and acting on it. */
const LATELY_MS = 12_000;

/** Who answered for a call, and since when. */
function createAnswering(world: World): (callId: string, withinMs: number) => readonly string[] {
  const answered = new Map<string, { readonly agentId: string; readonly atMs: number }[]>();
  world.onKept.push(({ id, stage }: Call) => {
    if (stage.kind !== 'connected') return;
    const known = answered.get(id) ?? [];
    if (known.at(-1)?.agentId !== stage.agentId) known.push({ agentId: stage.agentId, atMs: world.scheduler.nowMs });
    answered.set(id, known);
  });
  return (callId, withinMs) => {
    const fromMs = world.scheduler.nowMs - withinMs;
    return (answered.get(callId) ?? []).flatMap(({ agentId }, place, all) => {
      const untilMs = all[place + 1]?.atMs;
      return untilMs === undefined || untilMs >= fromMs ? [agentId] : [];
    });
  };
}

/** Whoever leads a team watches, hears and decides over its people, and over nobody else. */
export function teamsInvariant(world: World): Invariant {
  const name = 'teams';
  const waitFor = createPatience(world, name);
  const { staff, stores, desk } = world;
  const answering = createAnswering(world);
  const isOf = (agentId: string, teams: readonly string[], withinMs = 0): boolean => staff.wasIn(agentId, teams, withinMs);

  function judgeActs(): void {
    world.commands.witnesses.push((command, input) => {
      const { callId = '', agentId = '', supervisorId = '', by = '', mode } = input as Readonly<Record<string, string | undefined>>;
      const leader =
        command === 'call.monitor' && mode !== 'stop'
          ? agentId
          : command === 'call.end'
            ? supervisorId
            : command === 'agent.force-state'
              ? by
              : '';
      const teams = staff.ledBy(leader);
      return (answer) => {
        if (teams === undefined || answer === undefined || world.isDisturbed) return;
        const whom = command === 'agent.force-state' ? [agentId] : answering(callId, LATELY_MS);
        if (whom.length > 0 && !whom.some((each) => isOf(each, teams, LATELY_MS)))
          world.fail(name, `${leader} leads ${teams.join()} and did ${mode ?? command} with ${whom.join()} of ${callId}`, [leader, callId]);
      };
    });
    desk.onShown.push((userId, shown, askedMs) => {
      const teams = staff.ledBy(userId);
      if (teams === undefined || shown.of === 'chat' || world.isDisturbed) return;
      const withinMs = world.scheduler.nowMs - askedMs + LATELY_MS;
      const whom = shown.of === 'help' ? shown.open.map(({ agent }) => agent.userId) : shown.agents.map(({ agentId }) => agentId);
      const strange = whom.find((each) => each !== userId && !isOf(each, teams, withinMs));
      if (strange !== undefined) world.fail(name, `${userId} leads ${teams.join()} and is shown ${strange} (${shown.of})`, [userId]);
      const missing = [...stores.agents.keys()].find((each) => staff.isLongIn(each, teams, withinMs) && !whom.includes(each));
      if (shown.of === 'agents' && missing !== undefined) world.fail(name, `${userId} is not shown ${missing} of the own team`, [userId]);
    });
  }

  function judgeBoards(): void {
    for (const [userId, page] of world.boards) {
      const rows = page.agents();
      if (rows === undefined) continue;
      const teams = staff.ledBy(userId);
      const about = [userId];
      for (const { agentId, state, call } of rows) {
        const stored = stores.agents.get(agentId)?.state;
        waitFor(
          `${userId}/${agentId}/state`,
          stored !== state,
          STATE_MS,
          () => `${userId} sees ${agentId} ${state}, who is ${stored}`,
          about,
        );
        if (teams === undefined) continue;
        const isStrange = agentId !== userId && !isOf(agentId, teams);
        waitFor(`${userId}/${agentId}`, isStrange, BOARD_MS, () => `the board of ${userId} shows ${agentId} of another team`, about);
        const whose = call === undefined ? undefined : stores.liveCall(call.callId)?.stage;
        const isOthers = whose?.kind === 'connected' && !isOf(whose.agentId, teams);
        waitFor(`${userId}/${agentId}/call`, isOthers, BOARD_MS, () => `the board of ${userId} shows a call of another team`, about);
      }
      const shown = new Set(rows.map(({ agentId }) => agentId));
      for (const agentId of stores.agents.keys()) {
        const isDue = teams === undefined || isOf(agentId, teams);
        waitFor(`${userId}/${agentId}/due`, isDue && !shown.has(agentId), BOARD_MS, () => `the board of ${userId} lacks ${agentId}`, about);
      }
      if (teams !== undefined && (page.queues() ?? []).length > 0) world.fail(name, `the board of ${userId} shows queues`, about);
    }
  }

  if (world.profile.teams) judgeActs();
  return {
    name,
    sentence:
      'docs/handbook/supervisor.md and docs/adr/0073: whoever leads a team watches the members of now, hears their calls alone and decides over them alone; a listening that leaves the scope ends by itself within six seconds.',
    tick() {
      if (!world.profile.teams) return;
      judgeBoards();
      for (const call of world.liveCalls())
        for (const { agentId } of supervisorsIn(call)) {
          const teams = staff.ledBy(agentId);
          const { stage } = call;
          const isOut = teams !== undefined && stage.kind === 'connected' && !isOf(stage.agentId, teams);
          waitFor(
            `${call.id}/${agentId}`,
            isOut,
            LISTENS_ON_MS,
            () => `${agentId} leads ${teams?.join() ?? ''} and is in the call of somebody else`,
            [call.id, agentId],
          );
        }
      for (const { id, agent, takenBy, takenAt } of world.helps.rows.values()) {
        const teams = staff.ledBy(takenBy?.userId ?? '');
        const sinceMs = world.scheduler.nowMs - (takenAt?.getTime() ?? 0);
        if (teams !== undefined && sinceMs < LATELY_MS && !world.isDisturbed && !isOf(agent.userId, teams, sinceMs + LATELY_MS))
          world.fail(name, `${takenBy?.userId ?? ''} answered for help of ${agent.userId} of another team`, [id]);
      }
    },
  };
}

/** A message is kept once and read by those for whom it is meant. */
export function chatInvariant(world: World): Invariant {
  const name = 'chat';
  const { staff, chats, desk, stores } = world;
  desk.onShown.push((userId, shown, askedMs) => {
    if (shown.of !== 'chat') return;
    const { chat, as, readUntil } = shown;
    const teams = as === 'supervisor' ? staff.ledBy(userId) : undefined;
    const withinMs = world.scheduler.nowMs - askedMs + LATELY_MS;
    /** A message to a team is read by its members and by whoever leads it. */
    const isOfTeam = (teamId: string): boolean =>
      as === 'agent' ? staff.wasIn(userId, [teamId], withinMs) : teams === undefined || teams.includes(teamId);
    const isMine = (id: string, long: boolean): boolean => {
      if (as === 'agent') return id === userId;
      if (teams === undefined) return true;
      return long ? staff.isLongIn(id, teams, withinMs) && stores.agents.has(id) && id !== userId : staff.wasIn(id, teams, withinMs);
    };
    const isOut = ({ place }: Chat['messages'][number]): boolean =>
      place.kind === 'agent' ? !isMine(place.id, false) : place.kind === 'team' ? !isOfTeam(place.id) : teams !== undefined;
    const strange = chat.messages.find(isOut);
    if (strange !== undefined && !world.isDisturbed)
      world.fail(name, `${userId} reads what stands in the conversation of ${strange.place.id}`, [userId, strange.id]);
    const shownIds = new Set(chat.messages.map(({ id }) => id));
    const missing = chats.messages.find(
      ({ id, at, place }) => at.getTime() < askedMs && place.kind === 'agent' && isMine(place.id, true) && !shownIds.has(id),
    );
    // Of many messages only the newest are shown.
    if (missing !== undefined && chats.messages.length < 200 && !world.isDisturbed)
      world.fail(name, `${userId} does not read ${missing.id} of the conversation of ${missing.place.id}`, [userId, missing.id]);
    const unread = (until: Date | undefined): number =>
      chat.messages.filter(({ from, at }) => from.userId !== userId && (until === undefined || at > until)).length;
    if (![unread(readUntil), unread(chats.readUntil(userId, as))].includes(chat.unread))
      world.fail(name, `${userId} is told of ${chat.unread} unread messages and has ${unread(readUntil)}`, [userId]);
  });
  return {
    name,
    sentence:
      'docs/handbook/supervisor.md: every supervisor who sees an agent reads the conversation with that agent, and nobody else; the balloon counts what others have written since.',
    end() {
      for (const [id, { from, text }] of desk.sent) {
        const kept = chats.messages.filter((message) => message.id === id);
        if (kept.length !== 1 || kept[0]?.text !== text || kept[0].from.userId !== from)
          world.fail(name, `the message ${id} of ${from} is kept ${kept.length} times`, [id]);
      }
    },
  };
}

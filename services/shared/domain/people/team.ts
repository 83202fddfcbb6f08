import type { AgentId } from '../ids.js';
/** A group of people whom supervisors lead. A closed team keeps its id and its names, so that its past keeps its owner. */
export interface Team {
  readonly id: string;
  readonly name: { readonly 'zh-CN': string; readonly en?: string | undefined };
  readonly site?: string | undefined;
  readonly closedAt?: Date | undefined;
}

/**
 * The team of a person from a day of the site on; null: no team. Entries begin with a day, so on each day a person belongs to one team: a
 * move counts for the whole day on which it is made, and for no earlier day.
 */
export interface Membership {
  readonly teamId: string | null;
  /** The start of the day. */
  readonly fromAt: Date;
}

/** A time in which a person was in a team, as comparable data. Without `untilMs` it has not ended. */
export interface TeamSpell {
  readonly teamId: string;
  readonly agentId: AgentId;
  readonly fromMs: number;
  readonly untilMs?: number | undefined;
}

/** The team of a person now. */
export const teamNow = (memberships: readonly Membership[] = []): string | undefined => memberships.at(-1)?.teamId ?? undefined;

/** The memberships after a move. Earlier days stay as they were; earlier entries of this day are replaced. */
export function moved(memberships: readonly Membership[], teamId: string | null, dayAt: Date): Membership[] {
  const before = memberships.filter(({ fromAt }) => fromAt < dayAt);
  return (before.at(-1)?.teamId ?? null) === teamId ? before : [...before, { teamId, fromAt: dayAt }];
}

/** The times that a person spent in teams. */
export const spellsOf = (agentId: AgentId, memberships: readonly Membership[] = []): TeamSpell[] =>
  memberships.flatMap(({ teamId, fromAt }, place) => {
    const next = memberships[place + 1];
    if (teamId === null) return [];
    return [{ teamId, agentId, fromMs: fromAt.getTime(), ...(next === undefined ? {} : { untilMs: next.fromAt.getTime() }) }];
  });

/** Whether a moment lies in a spell; without a moment, whether the spell has not ended. */
const covers = ({ fromMs, untilMs }: TeamSpell, atMs: number | undefined): boolean =>
  atMs === undefined ? untilMs === undefined : atMs >= fromMs && (untilMs === undefined || atMs < untilMs);

/** Finds the team of a person at a moment, or now. */
export function teamFinder(spells: readonly TeamSpell[]): (agentId: AgentId, atMs?: number) => string | undefined {
  const byAgent = new Map<string, TeamSpell[]>();
  for (const spell of spells) byAgent.set(spell.agentId, [...(byAgent.get(spell.agentId) ?? []), spell]);
  return (agentId, atMs) => byAgent.get(agentId)?.find((spell) => covers(spell, atMs))?.teamId;
}

/** Whether a person was in one of these spells at a moment, or is in one now. */
export const isMember = (spells: readonly TeamSpell[], agentId: AgentId, atMs?: number): boolean =>
  spells.some((spell) => spell.agentId === agentId && covers(spell, atMs));

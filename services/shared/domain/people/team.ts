/** A group of people whom supervisors lead. A team that was closed keeps its id and its names: what it did stays its own. */
export interface Team {
  readonly id: string;
  readonly name: { readonly 'zh-CN': string; readonly en?: string | undefined };
  readonly site?: string | undefined;
  readonly closedAt?: Date | undefined;
}

/**
 * From which day of the site on a person was in which team; null: in none. Each entry begins with a day, so that every day of a person is of
 * one team: a move counts for the whole day on which it is made, and for no day before.
 */
export interface Membership {
  readonly teamId: string | null;
  /** The beginning of the day. */
  readonly fromAt: Date;
}

/** A time in which a person was in a team, as data that compares; without `untilMs` it goes on. */
export interface TeamSpell {
  readonly teamId: string;
  readonly agentId: string;
  readonly fromMs: number;
  readonly untilMs?: number | undefined;
}

/** The team of a person now. */
export const teamNow = (memberships: readonly Membership[] = []): string | undefined => memberships.at(-1)?.teamId ?? undefined;

/** The memberships after a move. What stood before this day stays as it was; what was said of this day before is replaced. */
export function moved(memberships: readonly Membership[], teamId: string | null, dayAt: Date): Membership[] {
  const before = memberships.filter(({ fromAt }) => fromAt < dayAt);
  return (before.at(-1)?.teamId ?? null) === teamId ? before : [...before, { teamId, fromAt: dayAt }];
}

/** The times that a person was in teams. */
export const spellsOf = (agentId: string, memberships: readonly Membership[] = []): TeamSpell[] =>
  memberships.flatMap(({ teamId, fromAt }, place) => {
    const next = memberships[place + 1];
    if (teamId === null) return [];
    return [{ teamId, agentId, fromMs: fromAt.getTime(), ...(next === undefined ? {} : { untilMs: next.fromAt.getTime() }) }];
  });

/** Whether a time lies in a spell; without a time, whether the spell goes on. */
const covers = ({ fromMs, untilMs }: TeamSpell, atMs: number | undefined): boolean =>
  atMs === undefined ? untilMs === undefined : atMs >= fromMs && (untilMs === undefined || atMs < untilMs);

/** Finds the team of a person at a moment, or now. */
export function teamFinder(spells: readonly TeamSpell[]): (agentId: string, atMs?: number) => string | undefined {
  const byAgent = new Map<string, TeamSpell[]>();
  for (const spell of spells) byAgent.set(spell.agentId, [...(byAgent.get(spell.agentId) ?? []), spell]);
  return (agentId, atMs) => byAgent.get(agentId)?.find((spell) => covers(spell, atMs))?.teamId;
}

/** Whether a person was in one of these spells at a moment, or is in one now. */
export const isMember = (spells: readonly TeamSpell[], agentId: string, atMs?: number): boolean =>
  spells.some((spell) => spell.agentId === agentId && covers(spell, atMs));

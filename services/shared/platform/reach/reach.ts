import type { NamedObject, ObjectKind, ReachUse } from '../../domain/people/named-object.js';
import { withinScope, type Principal } from '../../domain/people/rights.js';
import { isMember, type TeamSpell } from '../../domain/people/team.js';
import type { AgentId, QueueId } from '../../domain/ids.js';

/** Which calls a person may see, as computed today from the scope of the account. */
export interface Reach {
  readonly queues: readonly string[];
  /** The service numbers of the client units of the scope; undefined when client units do not restrict. */
  readonly numbers: readonly string[] | undefined;
  /**
   * The people of the teams of the scope, and when they were in them; undefined when teams do not restrict. With teams, `numbers` is empty,
   * so that code which does not ask who handled a call shows none.
   */
  readonly members?: readonly TeamSpell[] | undefined;
}

/** Computes the reach of the person behind a request; without a person, nothing is reached. */
export type ReachOf = (principal: Principal | undefined) => Promise<Reach>;

/** The reach of figures that cover the whole centre. */
export const WHOLE_CENTRE: Reach = { queues: [], numbers: undefined };

export const NOTHING: Reach = { queues: [], numbers: [] };

/** The facts of a call that decide who reaches it. */
export interface ReachedCall {
  readonly queueId?: QueueId | undefined;
  readonly called?: string | undefined;
  readonly agentId?: AgentId | null | undefined;
  readonly agentIds?: readonly AgentId[] | undefined;
}

/**
 * Whether a call lies within the reach: in one of the queues, and on a number of one of the client units; for teams, handled by somebody
 * who was a member at that time. Without a time, current members count.
 */
export function withinReach({ queues, numbers, members }: Reach, call: ReachedCall, at?: Date | string | number): boolean {
  if (members !== undefined) {
    const atMs = at === undefined ? undefined : new Date(at).getTime();
    return [call.agentId ?? '', ...(call.agentIds ?? [])].some((agentId) => isMember(members, agentId, atMs));
  }
  return withinScope(queues, call.queueId) && (numbers === undefined || (call.called !== undefined && numbers.includes(call.called)));
}

/**
 * The same for members, as a condition for a store: by the names of the agent field and of the time field, which is a date unless `isText`
 * says otherwise.
 */
export function ofMembers(
  members: readonly TeamSpell[],
  { agent, at, isText = false }: { readonly agent: string; readonly at: string; readonly isText?: boolean },
): Readonly<Record<string, unknown>> {
  const timeOf = (ms: number): Date | string => (isText ? new Date(ms).toISOString() : new Date(ms));
  const spells = members.map(({ agentId, fromMs, untilMs }) => ({
    [agent]: agentId,
    [at]: { $gte: timeOf(fromMs), ...(untilMs === undefined ? {} : { $lt: timeOf(untilMs) }) },
  }));
  return spells.length === 0 ? { _id: { $in: [] } } : { $or: spells };
}

/** A service number, with its client unit and its site. */
export interface PlacedNumber {
  readonly number: string;
  readonly clientUnit?: string | undefined;
  readonly site?: string | undefined;
}
type NumbersOf<N extends PlacedNumber = PlacedNumber> = () => Promise<readonly N[]>;

/** The people of these teams, with the times that they were in them; those of all teams when none are named. */
export type MembersOf = (teamIds?: readonly string[]) => Promise<readonly TeamSpell[]>;

export const nobody: MembersOf = async () => [];

/** Client units belong to service numbers, which `numbersOf` reads where they are kept; `membersOf` reads who is in a team. */
export const createReach =
  (numbersOf: NumbersOf, membersOf: MembersOf = nobody): ReachOf =>
  async (principal) => {
    if (principal === undefined) return NOTHING;
    const { queues, clientUnits, sites } = principal.scope;
    if (isOfTeams(principal)) return { ...NOTHING, members: await membersOf(teamsOf(principal)) };
    if (clientUnits.length === 0 && sites.length === 0) return { queues, numbers: undefined };
    const numbers = await numbersOf();
    return { queues, numbers: numbers.filter((each) => ownsNumber(principal, each)).map(({ number }) => number) };
  };

/** Whether a number belongs to one of the client units and to one of the sites of a person's scope. */
export const ownsNumber = ({ scope }: Principal, { clientUnit, site }: Omit<PlacedNumber, 'number'>): boolean =>
  withinScope(scope.clientUnits, clientUnit) && withinScope(scope.sites, site);

/** A client unit that no number has, for a scope that leads to none. */
const NO_UNIT = '(none)';

/**
 * The principal of a person with a scope of sites: data that is kept by client unit only (complaints, satisfaction, registers) is limited
 * to the units whose numbers are served at these sites. For a person with teams it is limited to no unit at all: code that does not ask for
 * the members shows nothing.
 */
export const narrowedBySites =
  (numbersOf: NumbersOf) =>
  async (principal: Principal): Promise<Principal> => {
    const { scope } = principal;
    if (isOfTeams(principal)) return { ...principal, scope: { ...scope, queues: [], sites: [], clientUnits: [NO_UNIT] } };
    if (scope.sites.length === 0) return principal;
    const own = (await numbersOf()).filter((each) => ownsNumber(principal, each));
    const clientUnits = [...new Set(own.flatMap(({ clientUnit }) => (clientUnit === undefined ? [] : [clientUnit])))];
    return { ...principal, scope: { ...scope, clientUnits: clientUnits.length === 0 ? [NO_UNIT] : clientUnits } };
  };

/** Whether a scope restricts anything at all. */
export const isScoped = ({ scope }: Pick<Principal, 'scope'>): boolean =>
  scope.queues.length > 0 || scope.clientUnits.length > 0 || scope.sites.length > 0 || isOfTeams({ scope });

/** The teams of a scope. A person with teams sees only their members, whatever else the scope says. */
export const teamsOf = ({ scope }: Pick<Principal, 'scope'>): readonly string[] => scope.teams ?? [];
export const isOfTeams = (person: Pick<Principal, 'scope'>): boolean => teamsOf(person).length > 0;

/** Whether a person with a scope reaches an object; false for a missing object. The composition root asks the slice that owns the kind. */
export type ReachesObject = Readonly<
  Record<Exclude<ObjectKind, 'site'>, (principal: Principal, id: string, use: ReachUse) => Promise<boolean>>
>;

/** The queues that a flow, an overflow or a draft names, however deep, as objects that whoever names them must be able to see. */
export function queuesNamedIn(value: unknown): NamedObject[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]): NamedObject[] =>
    key === 'queueId' && typeof inner === 'string' ? [{ of: 'queue', id: inner, use: 'read' }] : queuesNamedIn(inner),
  );
}

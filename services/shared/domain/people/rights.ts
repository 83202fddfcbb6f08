import type { UserId } from '../ids.js';
/**
 * Who may do what. Rights are data: the matrix in docs/reference/rights.md is made from this file, and a route or a socket event that
 * names no right of this list does not compile. Roles are separated so that nobody both acts and erases the trace (regulation items 54-58).
 */
export const roles = ['agent', 'supervisor', 'compliance', 'auditor', 'security-admin', 'admin', 'inspector'] as const;
export type Role = (typeof roles)[number];

/** Each right with the roles that hold it. */
export const rights = {
  /** Anybody, signed in or not: sign-in itself, health, public forms. */
  public: [],
  /** Any person who is signed in: own profile, own sessions, sign-out. */
  'self.use': roles,
  'seat.use': ['agent', 'supervisor'],
  'calls.own': ['agent', 'supervisor'],
  /** The page of one call: for agents their own calls, for people who read calls any call within reach. */
  'calls.see': ['agent', 'supervisor', 'compliance', 'inspector'],
  'calls.read': ['supervisor', 'compliance', 'inspector'],
  /** Notes on a call in progress: agents on their own calls, supervisors on calls within reach. */
  'calls.note': ['agent', 'supervisor'],
  'calls.control': ['supervisor'],
  'calls.listen': ['supervisor'],
  'calls.whisper': ['supervisor'],
  'calls.barge': ['supervisor'],
  'calls.take-over': ['supervisor'],
  /** Ends a live call on both sides. */
  'calls.end': ['supervisor'],
  /** Who listened to whom, and who has acknowledged the listening rule. */
  'listening.read': ['supervisor', 'compliance', 'auditor', 'inspector'],
  /** When agents learn that somebody listens. */
  'listening.edit': ['compliance'],
  /** Named reports, their sharing and their mails; also needed to receive a report by mail. */
  'reports.keep': ['supervisor', 'compliance'],
  'recordings.play': ['supervisor', 'compliance', 'inspector'],
  'recordings.download': ['compliance'],
  'recordings.hold': ['compliance'],
  'recordings.delete': ['compliance'],
  'recordings.review': ['supervisor'],
  'numbers.unmask': ['supervisor', 'compliance'],
  'queues.watch': ['agent', 'supervisor', 'compliance', 'inspector', 'admin'],
  'agents.watch': ['supervisor', 'compliance', 'inspector'],
  'agents.control': ['supervisor'],
  /** Walls: layouts of live figures that a screen shows at its own address. */
  'walls.edit': ['supervisor'],
  /** Agents' requests for help: they ring at everybody who holds this right. */
  'help.answer': ['supervisor'],
  /** Messages to agents and queues, and the agents' replies. */
  'chat.supervise': ['supervisor'],
  'flows.edit': ['admin', 'supervisor'],
  'calls.practise': ['admin', 'supervisor'],
  'queues.edit': ['admin', 'supervisor'],
  'complaints.open': ['agent', 'supervisor', 'compliance'],
  'complaints.read': ['supervisor', 'compliance', 'inspector'],
  'complaints.work': ['supervisor', 'compliance'],
  'complaints.rules': ['compliance'],
  /** The customer behind a call that the person may see: on the page of the call, and at the seat. */
  'customers.of-call': ['agent', 'supervisor', 'compliance'],
  /** The customer behind one's own call: to create and change. */
  'customers.own': ['agent', 'supervisor'],
  /** All customers within the scope: search, list, record. */
  'customers.read': ['supervisor', 'compliance'],
  /** Customers, their numbers, import, merge, and the fields that the site defines. */
  'customers.edit': ['supervisor', 'compliance'],
  'satisfaction.read': ['supervisor', 'compliance', 'inspector'],
  /** Reading consents, the do-not-call list, attempts, rules and the fraud watch. */
  'outbound.read': ['supervisor', 'compliance', 'inspector'],
  'outbound.edit': ['supervisor', 'compliance'],
  /** A transfer, consultation or conference to a number on no register. No role has this right; it is granted to single persons. */
  'outbound.free-dial': [],
  'registry.read': ['compliance', 'supervisor', 'auditor', 'inspector', 'admin'],
  'registry.edit': ['compliance'],
  'evidence.read': ['compliance', 'auditor', 'inspector'],
  'evidence.make': ['compliance'],
  'evidence.proof-call': ['admin', 'compliance', 'inspector'],
  /** Naming the seed of a draw: the only thing that an inspector writes, and nobody of the house may write it. */
  'evidence.seed': ['inspector'],
  'users.read': ['admin', 'security-admin', 'auditor', 'supervisor'],
  'users.edit': ['security-admin', 'admin'],
  /** The names of teams and their members. */
  'teams.read': ['admin', 'security-admin', 'auditor', 'supervisor', 'compliance', 'inspector'],
  'exports.use': ['supervisor', 'compliance', 'security-admin'],
  'exports.approve': ['supervisor', 'compliance', 'security-admin'],
  'audit.read': ['auditor', 'security-admin', 'inspector'],
  'security.edit': ['security-admin'],
  /** The bell and the page of alarms, with the alarms that are meant for the person. */
  'alarms.use': ['supervisor', 'compliance', 'auditor', 'security-admin', 'admin'],
  /** Who is reached by which channel, and the quiet hours. */
  'alarms.edit': ['admin', 'security-admin'],
  /** Turning SIP traces on and off. */
  'traces.ask': ['admin'],
  /** Ladders of traced calls with masked numbers; whole numbers also need `numbers.unmask`. */
  'traces.read': ['admin', 'supervisor', 'compliance'],
  'system.read': ['admin', 'auditor', 'compliance'],
  'system.edit': ['admin'],
} as const satisfies Record<string, readonly Role[]>;

export type Right = keyof typeof rights;

/** Rights that no role includes: an administrator grants them to single persons. */
export const personalRights = ['outbound.free-dial'] as const satisfies readonly Right[];
export type PersonalRight = (typeof personalRights)[number];

/** Which part of the centre a person may see; an empty list means all. */
export interface Scope {
  readonly queues: readonly string[];
  readonly sites: readonly string[];
  readonly clientUnits: readonly string[];
  /** People with teams see only the members of those teams. Missing in scopes from before there were teams. */
  readonly teams?: readonly string[] | undefined;
}

/** The person behind a request, as the token says. */
export interface Principal {
  readonly userId: UserId;
  readonly name: string;
  readonly sessionId: string;
  /** The roles in force: none while a first password or a second factor still has to be set. */
  readonly roles: readonly Role[];
  readonly scope: Scope;
  /** Rights of this person in addition to those of the roles; in force only together with a role. */
  readonly grants?: readonly PersonalRight[] | undefined;
}

/** The one decision. Deny by default: nobody holds a right that no role holds. `public` needs no person. */
export function mayUse(principal: Principal | undefined, right: Right): boolean {
  if (right === 'public') return true;
  if (principal === undefined) return false;
  // A person whose roles are not in force yet may still set up what is missing, and sign out.
  if (right === 'self.use') return true;
  const holders: readonly Role[] = rights[right];
  const granted: readonly Right[] = principal.grants ?? [];
  return principal.roles.some((role) => holders.includes(role) || granted.includes(right));
}

/** Whether `value` lies within a scope list; an empty list restricts nothing. */
export const withinScope = (list: readonly string[], value: string | undefined): boolean =>
  list.length === 0 || (value !== undefined && list.includes(value));

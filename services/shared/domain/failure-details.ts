import { campaignStartFaults, type CampaignStartFault } from './calls/campaign.js';
import type { Role } from './people/rights.js';
import type { QueueId } from './ids.js';

/** Limits of files, lists and look-ups. Pages have words for each, with the allowed number and its unit. */
export const failureLimits = [
  'time',
  'memory',
  'rows',
  'columns',
  'characters',
  'entries',
  'inflated',
  'attachments',
  'numbers',
  'customers',
  'callbacks-of-person',
  'list-days',
  'list-rows',
  'report-days',
  'daily-days',
  'saved-reports',
  'favourites',
  'traces',
  'pdf-rows',
  'pdf-figures',
  'xlsx-cells',
] as const;
export type FailureLimit = (typeof failureLimits)[number];

/** Why a step is refused, grouped by what the step belongs to. Pages have words for each. */
export const refusals = {
  campaign: campaignStartFaults,
  complaint: [
    'wrong-state',
    'text-missing',
    'not-answered',
    'complained-about',
    'evidence-missing',
    'evidence-file-missing',
    'letter-missing',
    'satisfaction-missing',
    'recorded-call-missing',
    'already-joined',
    'answer-on-its-way',
    'not-joined',
    'clock-not-running',
    'rule-allows-none',
    'used-already',
    'not-paused',
    'clock-paused',
    'changed-meanwhile',
  ],
  drill: ['running', 'seed-named', 'over', 'nothing-to-draw', 'no-such-item', 'note-missing'],
  prompt: ['not-sound', 'silent', 'too-large', 'too-long'],
  note: ['call-over', 'notes-full'],
} as const;
export type ComplaintRefusal = (typeof refusals.complaint)[number];
export type DrillRefusal = (typeof refusals.drill)[number];
export type PromptRefusal = (typeof refusals.prompt)[number];
export type NoteRefusal = (typeof refusals.note)[number];

export const passwordFaults = ['too-short', 'too-simple', 'contains-name', 'too-common', 'used-before'] as const;
export type PasswordFault = (typeof passwordFaults)[number];

/** Why a mail does not become a case. */
export const mailFaults = ['automatic', 'no-sender', 'empty', 'known'] as const;
export type MailFault = (typeof mailFaults)[number];

/** The problems of a call flow. Pages have words for each. */
export const flowFaults = [
  'field',
  'unknown-queue',
  'hours-backwards',
  'hours-overlap',
  'hours-date-twice',
  'hours-never',
  'missing-step',
  'unreachable',
  'loop-without-wait',
  'unserved-queue',
  'unregistered-destination',
  'missing-prompt',
  'menu-without-keys',
  'question-twice',
] as const;
export type FlowFault = (typeof flowFaults)[number];

/** What a sign-in lacks. */
export const signInNeeds = ['totp', 'provider', 'account', 'second-factor'] as const;
export type SignInNeed = (typeof signInNeeds)[number];

/** A field that does not fit, by its path in the request: `fields.city`. */
export interface FaultyField {
  readonly at: string;
  readonly message?: string | undefined;
}
interface Refused<R extends string> {
  readonly refused: R;
}
interface Wait {
  readonly waitMs: number;
}
interface OverLimit {
  readonly limit: FailureLimit;
  readonly most: number;
}
interface Rows {
  readonly rows: number;
}

/** `details` of an invalid request: what is wrong, so that the person can correct it. */
export type InvalidRequest =
  | readonly FaultyField[]
  /** Problems of a call flow, by step. */
  | readonly { readonly where: string; readonly problem: FlowFault; readonly detail: string }[]
  /** Answers that do not fit the form of a review, as sentences. */
  | readonly string[]
  /** Columns of a register. */
  | {
      readonly problems: readonly { readonly field: string; readonly message: { readonly zh: string; readonly en: string } }[];
    }
  /** Columns that a sheet lacks. */
  | { readonly columns: readonly string[] }
  /** The lines of a sheet that are wrong, at most the first ones of `faultCount`. The header is line 1. */
  | {
      readonly faults: readonly { readonly line: number; readonly column: string; readonly message: string }[];
      readonly faultCount: number;
    }
  /** Rules or a calendar that contradict themselves, as sentences. */
  | { readonly faults: readonly string[] }
  /** The line where a file cannot be read any further; null when it is not known. */
  | { readonly line: number | null }
  /** Lines that are not telephone numbers, counted from 1. */
  | { readonly lines: readonly number[] }
  | { readonly file: 'kind' | 'empty' }
  | { readonly ignored: MailFault }
  /** Ids of queues that overflow into each other. */
  | { readonly circle: readonly string[] }
  /** Two roles that one person may not hold. */
  | { readonly roles: readonly [Role, Role] }
  | { readonly expiresAt: 'inspector' }
  | { readonly password: PasswordFault }
  | { readonly code: 'wrong' }
  /** The networks would lock out the person who sets them, who comes from `address`. */
  | { readonly need: 'own-address'; readonly address: string }
  | Refused<PromptRefusal>
  | OverLimit;

/** The shape of `details` by the code of the failure. A failure of any other code has none. Never data of callers. */
export interface FailureDetails {
  readonly 'invalid-request': InvalidRequest;
  readonly 'not-signed-in': { readonly need: SignInNeed };
  readonly 'not-allowed': { readonly need: SignInNeed | 'approval' };
  readonly 'outside-scope': { readonly scope: 'beyond-own' };
  /** The role that nobody would hold any more. */
  readonly 'last-administrator': { readonly role: Role };
  readonly 'approval-needed': Rows;
  readonly 'too-large': OverLimit | Rows | { readonly rows: number; readonly max: number } | Refused<PromptRefusal | NoteRefusal>;
  readonly 'wrong-state':
    | Refused<CampaignStartFault | ComplaintRefusal | DrillRefusal | NoteRefusal>
    /** Why a recording is not deleted. */
    | { readonly why: 'held' | 'deleted-already' }
    /** The change of the account that is already waiting. */
    | { readonly change: string }
    /** The queue that overflows into this one. */
    | { readonly queueId: QueueId }
    /** The number of members that a team has. */
    | { readonly members: number };
  readonly 'already-exists': readonly FaultyField[] | OverLimit;
  /** Who changed it. */
  readonly 'not-supported': OverLimit;
  readonly 'changed-meanwhile': { readonly changedBy?: string | undefined };
  readonly 'below-legal-minimum':
    | readonly FaultyField[]
    | readonly { readonly field: string; readonly minimumDays: number; readonly basis: string }[]
    | { readonly basis: string };
  readonly 'too-many-requests': Wait | OverLimit;
  /** The number of agents who may be on this break at the same time. */
  readonly 'break-full': { readonly atOnce: number };
  /** Now reported by `break-full`; clients of this version of the interface may still read it here. */
  readonly busy: { readonly atOnce: number };
  readonly 'outbound-destination': readonly FaultyField[];
}

export type DetailedCode = keyof FailureDetails;
export type AnyFailureDetails = FailureDetails[DetailedCode];

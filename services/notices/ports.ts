import type { AlarmCode, AlarmWay } from '../shared/domain/alarm.js';
import type { Alarm, AlarmState } from './alarm.js';
import type { QuietHours } from './quiet-hours.js';
import type { AlarmRule, AlarmRules, Receiver } from './receivers.js';
import type { Scope } from '../shared/domain/people/rights.js';
import type { UserId } from '../shared/domain/ids.js';

/** A person's query: alarms of these kinds within the scope, and those that name the person. */
export interface AlarmSearch {
  readonly userId: UserId;
  readonly codes: readonly AlarmCode[];
  readonly scope: Scope;
}

export interface AlarmStore {
  put(alarm: Alarm): Promise<void>;
  /** False when somebody else has changed it since it was read. */
  replace(alarm: Alarm): Promise<boolean>;
  byId(id: string): Promise<Alarm | undefined>;
  /** The newest incident of a code and subject. */
  newest(code: AlarmCode, subject: string): Promise<Alarm | undefined>;
  /** Alarms with a due step, oldest first. */
  due(now: Date, limit: number): Promise<Alarm[]>;
  list(
    search: AlarmSearch,
    page: { readonly states: readonly AlarmState[]; readonly code?: AlarmCode | undefined; readonly skip: number; readonly limit: number },
  ): Promise<{ readonly alarms: readonly Alarm[]; readonly total: number }>;
  counts(search: AlarmSearch): Promise<Readonly<Record<'open' | 'seen', number>>>;
}

export interface AlarmSettings {
  readonly rules: AlarmRules;
  readonly quiet: QuietHours | undefined;
}

/** How a person is reached outside the pages. */
export interface Contact {
  readonly mail?: string | undefined;
  readonly mobile?: string | undefined;
}
/** As pages show it. */
export interface MaskedContact {
  readonly userId: UserId;
  readonly mailMasked?: string | undefined;
  readonly mobileMasked?: string | undefined;
}

export interface AlarmSettingsStore {
  read(): Promise<AlarmSettings>;
  setRule(code: AlarmCode, rule: AlarmRule): Promise<void>;
  setQuiet(quiet: QuietHours | undefined): Promise<void>;
  contacts(): Promise<readonly MaskedContact[]>;
  /** The whole addresses of these people. */
  contactsOf(userIds: readonly UserId[]): Promise<ReadonlyMap<string, Contact>>;
  setContact(userId: UserId, contact: Contact): Promise<void>;
}

/** People whose accounts are in use. */
export type Receivers = () => Promise<readonly (Receiver & { readonly name: string })[]>;

/** Carries messages outside the pages. */
export interface Messenger {
  canSend(way: AlarmWay): boolean;
  queue(message: {
    readonly messageId: string;
    readonly way: AlarmWay;
    readonly to: string;
    readonly subject: string;
    readonly text: string;
    readonly topic: { readonly kind: 'alarm'; readonly id: string };
  }): Promise<void>;
}

import { failureOf } from '../../shared/domain/failure.js';
import type { AlarmCondition } from '../../shared/platform/processes/alarm-condition.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { mailOf, statementOf, type SealedSheet } from './statement.js';

/** A time stamp from an outside authority over the statement of a day (RFC 3161). */
export interface WitnessStamp {
  /** The place of the authority in the site's list, from 1. */
  readonly authority: number;
  readonly name: string;
  readonly at: Date;
  readonly responseBase64: string;
}

/** The answer of the https witness that was sent the statement of a day. */
export interface WitnessReceipt {
  readonly at: Date;
  readonly answerBase64: string;
}

/** What left the house for one day. */
export interface Witnessed {
  readonly day: string;
  readonly sheetHash: string;
  readonly statement: string;
  readonly stamps: readonly WitnessStamp[];
  /** One for each person outside, in the order in which the setting names them. */
  readonly messageIds: readonly string[];
  readonly receipt?: WitnessReceipt;
}

export interface WitnessStore {
  /** Some four hundred days, newest first. */
  newest(): Promise<readonly Witnessed[]>;
  /** Those from a day on, in order. */
  from(day: string): Promise<readonly Witnessed[]>;
  /** The statement of a day is written once; its stamps and mails are added later. */
  begin(row: Pick<Witnessed, 'day' | 'sheetHash' | 'statement'>): Promise<void>;
  addStamp(day: string, stamp: WitnessStamp): Promise<void>;
  addMessages(day: string, messageIds: readonly string[]): Promise<void>;
  addReceipt(day: string, receipt: WitnessReceipt): Promise<void>;
}

export type TimeStampAuthority = (
  body: Uint8Array,
) => Promise<{ readonly response: Uint8Array; readonly stamp: { readonly at: Date; readonly authority: string } }>;

export interface WitnessDependencies {
  readonly store: WitnessStore;
  /** Sealed day sheets from a day on, in order. */
  readonly sheets: (day: string) => Promise<readonly SealedSheet[]>;
  readonly authorities: readonly TimeStampAuthority[];
  /** Queues one mail to each person outside; resolves with the ids of the messages. Empty when the site names nobody. */
  readonly mailOutside: (day: string, mail: { readonly subject: string; readonly text: string }) => Promise<readonly string[]>;
  readonly outsiders: number;
  /** Sends the signed statement of a sheet to the site's https witness and returns its answer; missing when the site names none. */
  readonly sendLine?: (statement: string, sheetHash: string) => Promise<Uint8Array>;
  /** Which of these messages the mail server has accepted. */
  readonly sent: (messageIds: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly keyFingerprint: () => Promise<string>;
  readonly company: () => Promise<string>;
  readonly alarms: { readonly notWitnessed: AlarmCondition; readonly rewritten: AlarmCondition };
  readonly log: Logger;
}

/** An authority or a mail server that is away raises no alarm before this time. */
const LATE_MS = 24 * 3_600_000;

/** What must still leave the house for a sealed day. */
export function owed(
  row: Witnessed | undefined,
  { authorities, outsiders }: { readonly authorities: number; readonly outsiders: number },
): { readonly authorities: readonly number[]; readonly mails: boolean } {
  const stamped = new Set(row?.stamps.map(({ authority }) => authority));
  return {
    authorities: Array.from({ length: authorities }, (_, i) => i + 1).filter((authority) => !stamped.has(authority)),
    mails: outsiders > 0 && (row === undefined || row.messageIds.length === 0),
  };
}

/**
 * Sends the hash of each sealed day sheet to outside witnesses: stamped by authorities and mailed to people outside. Whoever rewrites a
 * sheet later, with database, bucket and key in hand, cannot rewrite what others hold. Each round does what is still owed; a sheet that
 * differs from what left the house is an alarm, and its statement is never replaced.
 */
export function createWitness(needs: WitnessDependencies): { round(since: string, now: Date): Promise<void> } {
  const { store, authorities, outsiders, log } = needs;

  async function stamp(day: string, statement: string, missing: readonly number[]): Promise<boolean> {
    let all = true;
    for (const [i, ask] of authorities.entries()) {
      const authority = i + 1;
      if (!missing.includes(authority)) continue;
      try {
        const { response, stamp: given } = await ask(new TextEncoder().encode(statement));
        await store.addStamp(day, {
          authority,
          name: given.authority,
          at: given.at,
          responseBase64: Buffer.from(response).toString('base64'),
        });
      } catch (error) {
        all = false;
        log.warn({ day, authority, reason: failureOf(error) }, 'a day sheet was not stamped');
      }
    }
    return all;
  }

  /** Whether the https witness has the line of the day, now or since before. */
  async function line({ day, hash }: SealedSheet, statement: string, before: Witnessed | undefined, now: Date): Promise<boolean> {
    if (needs.sendLine === undefined || before?.receipt !== undefined) return true;
    try {
      const answer = await needs.sendLine(statement, hash);
      await store.addReceipt(day, { at: now, answerBase64: Buffer.from(answer).toString('base64') });
      return true;
    } catch (error) {
      log.warn({ day, reason: failureOf(error) }, 'a day sheet has no receipt of the https witness');
      return false;
    }
  }

  async function attend(sheet: SealedSheet, before: Witnessed | undefined, now: Date): Promise<'rewritten' | 'owed' | 'done'> {
    if (before !== undefined && before.sheetHash !== sheet.hash) return 'rewritten';
    const due = owed(before, { authorities: authorities.length, outsiders });
    const statement = before?.statement ?? statementOf(sheet, await needs.keyFingerprint());
    if (before === undefined) await store.begin({ day: sheet.day, sheetHash: sheet.hash, statement });
    const stamped = await stamp(sheet.day, statement, due.authorities);
    const held = await line(sheet, statement, before, now);
    const messageIds = due.mails
      ? await needs.mailOutside(sheet.day, mailOf(statement, await needs.company()))
      : (before?.messageIds ?? []);
    if (due.mails) await store.addMessages(sheet.day, messageIds);
    const sent = await needs.sent(messageIds);
    return stamped && held && messageIds.every((id) => sent.has(id)) ? 'done' : 'owed';
  }

  return {
    async round(since, now) {
      if (authorities.length === 0 && outsiders === 0 && needs.sendLine === undefined) return;
      const known = new Map((await store.from(since)).map((row) => [row.day, row]));
      const late: string[] = [];
      const rewritten: string[] = [];
      for (const sheet of await needs.sheets(since)) {
        const state = await attend(sheet, known.get(sheet.day), now);
        if (state === 'rewritten') rewritten.push(sheet.day);
        if (state === 'owed' && now.getTime() - Date.parse(sheet.sealedAt) > LATE_MS) late.push(sheet.day);
      }
      const said = (days: readonly string[], zh: string, en: string) =>
        days.length === 0
          ? undefined
          : { text: { 'zh-CN': `${zh}：${days.slice(0, 5).join('、')}`, en: `${en}: ${days.slice(0, 5).join(', ')}` } };
      await needs.alarms.notWitnessed.is(
        said(late, `${late.length} 日的日结表尚未送外见证`, `${late.length} day sheets have no outside witness yet`),
      );
      await needs.alarms.rewritten.is(
        said(rewritten, '日结表与已送外见证的不一致', 'Day sheets differ from the ones that were witnessed outside'),
      );
    },
  };
}

/** The hash of the newest day sheet that somebody outside holds: one that still waits for its stamp or its mail is known only inside. */
export async function newestOutside(newestFirst: readonly Witnessed[], sent: WitnessDependencies['sent']): Promise<string | undefined> {
  for (const { sheetHash, stamps, messageIds, receipt } of newestFirst)
    if (stamps.length > 0 || receipt !== undefined || (messageIds.length > 0 && (await sent(messageIds)).size > 0)) return sheetHash;
  return undefined;
}

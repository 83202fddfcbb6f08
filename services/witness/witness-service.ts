import { failureOf } from '../shared/domain/failure.js';
import type { AlarmCondition } from '../shared/platform/processes/alarm-condition.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import type { SealedSheet, Witnessed, WitnessReceipt, WitnessStamp } from '../shared/domain/licence/witnessed.js';
import { mailOf, statementOf } from './statement.js';

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

/** An authority or the https witness: whoever is asked over the network while the round waits. */
interface Outside {
  readonly name: string;
  has(row: Witnessed): boolean;
  ask(row: Witnessed, now: Date): Promise<void>;
}

/** A day whose sheet is as it left the house. */
interface Task {
  readonly row: Witnessed;
  readonly isMailed: boolean;
  readonly isLate: boolean;
}

function outsidesOf({ store, authorities, sendLine }: Pick<WitnessDependencies, 'store' | 'authorities' | 'sendLine'>): readonly Outside[] {
  const stamping = authorities.map((request, i): Outside => {
    const authority = i + 1;
    return {
      name: `authority ${authority}`,
      has: ({ stamps }) => stamps.some((stamp) => stamp.authority === authority),
      async ask({ day, statement }) {
        const { response, stamp } = await request(new TextEncoder().encode(statement));
        const responseBase64 = Buffer.from(response).toString('base64');
        await store.addStamp(day, { authority, name: stamp.authority, at: stamp.at, responseBase64 });
      },
    };
  });
  if (sendLine === undefined) return stamping;
  const receiving: Outside = {
    name: 'https witness',
    has: ({ receipt }) => receipt !== undefined,
    async ask({ day, statement, sheetHash }, now) {
      const answer = await sendLine(statement, sheetHash);
      await store.addReceipt(day, { at: now, answerBase64: Buffer.from(answer).toString('base64') });
    },
  };
  return [...stamping, receiving];
}

/**
 * Sends the hash of each sealed day sheet to outside witnesses: stamped by authorities and mailed to people outside. Whoever rewrites a
 * sheet later, with database, bucket and key in hand, cannot rewrite what others hold. Each round does what is still owed; a sheet that
 * differs from what left the house is an alarm, and its statement is never replaced. Mails are queued before anybody is asked, and who does
 * not answer is not asked again in the same round.
 */
export function createWitness(needs: WitnessDependencies): { round(since: string, now: Date): Promise<void> } {
  const { store, authorities, outsiders, log } = needs;
  const outsides = outsidesOf(needs);
  /** The day over which each of them failed last: the next round begins after it, so that one that is refused holds up no other. */
  const failedAt = new Map<string, string>();

  async function begin(sheet: SealedSheet): Promise<Witnessed> {
    const row = { day: sheet.day, sheetHash: sheet.hash, statement: statementOf(sheet, await needs.keyFingerprint()) };
    await store.begin(row);
    return { ...row, stamps: [], messageIds: [] };
  }

  /** Whether everybody who gets a mail has it. */
  async function mail({ day, statement, messageIds }: Witnessed): Promise<boolean> {
    let ids = messageIds;
    if (outsiders > 0 && ids.length === 0) {
      ids = await needs.mailOutside(day, mailOf(statement, await needs.company()));
      await store.addMessages(day, ids);
    }
    const sent = await needs.sent(ids);
    return ids.every((id) => sent.has(id));
  }

  /** Asks until the first failure; resolves with the days that stay owed. */
  async function ask(outside: Outside, rows: readonly Witnessed[], now: Date): Promise<readonly string[]> {
    const missing = rows.filter((row) => !outside.has(row));
    const failed = failedAt.get(outside.name) ?? '';
    const inTurn = [...missing.filter(({ day }) => day > failed), ...missing.filter(({ day }) => day <= failed)];
    for (const [i, row] of inTurn.entries())
      try {
        await outside.ask(row, now);
      } catch (error) {
        failedAt.set(outside.name, row.day);
        log.warn({ day: row.day, witness: outside.name, reason: failureOf(error) }, 'a day sheet has not reached an outside witness');
        return inTurn.slice(i).map(({ day }) => day);
      }
    return [];
  }

  /** The days since `since`, each begun and mailed, and those begun before it: they stay owed to whoever did not answer. */
  async function tasksOf(since: string, now: Date): Promise<{ readonly tasks: readonly Task[]; readonly rewritten: readonly string[] }> {
    const known = new Map((await store.newest()).map((row) => [row.day, row]));
    const tasks = [...known.values()].filter(({ day }) => day < since).map((row): Task => ({ row, isMailed: true, isLate: true }));
    tasks.sort((a, b) => (a.row.day < b.row.day ? -1 : 1));
    const rewritten: string[] = [];
    for (const sheet of await needs.sheets(since)) {
      const row = known.get(sheet.day) ?? (await begin(sheet));
      if (row.sheetHash !== sheet.hash) rewritten.push(sheet.day);
      else tasks.push({ row, isMailed: await mail(row), isLate: now.getTime() - Date.parse(sheet.sealedAt) > LATE_MS });
    }
    return { tasks, rewritten };
  }

  return {
    async round(since, now) {
      if (authorities.length === 0 && outsiders === 0 && needs.sendLine === undefined) return;
      const { tasks, rewritten } = await tasksOf(since, now);
      const rows = tasks.map(({ row }) => row);
      const owed = new Set((await Promise.all(outsides.map((outside) => ask(outside, rows, now)))).flat());
      const late = tasks.filter(({ row, isMailed, isLate }) => isLate && (!isMailed || owed.has(row.day))).map(({ row }) => row.day);
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

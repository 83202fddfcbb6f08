import { CallCentreError, failureOf } from '../../shared/domain/failure.js';
import { chosenIn, joinValues, unfitFilter } from '../../shared/domain/figures/filters.js';
import { isComparable } from '../../shared/domain/figures/comparison.js';
import { figureRegistry } from '../../shared/domain/figures/registry.js';
import { addDays } from '../../shared/domain/time/calendar-date.js';
import { clockOf, daysMailed, isMailDay, reportReader, type UnsentReason } from '../../shared/domain/figures/saved-report.js';
import { inWords, listed, speak } from '../../shared/domain/language.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import type { ReachOf } from '../../shared/platform/reach/reach.js';
import { seesStates } from '../http.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Audit } from '../../shared/platform/http/route.js';
import type { Reads } from '../../shared/records/reads.js';
import type { MakeReportFile } from '../files/report-file.js';
import type { SiteDays } from '../ports.js';
import { withRefused, type LastMailed, type MailSchedule, type SavedReport, type SavedReportStore } from './saved-report.js';
import type { UserId } from '../../shared/domain/ids.js';

/** Mail servers take some 10 MB of base64. A larger file is opened by its link. */
export const MOST_ATTACHED_BYTES = 5_000_000;
const TOPIC = 'report';
/** A failed report is tried again after this time, until the day ends. */
export const TRIED_AGAIN_MS = 15 * 60_000;

/** An outgoing mail. */
export interface ReportMail {
  /** A mail with the same id is sent only once. */
  readonly messageId: string;
  readonly way: 'mail';
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly topic: { readonly kind: typeof TOPIC; readonly id: string };
  readonly attachment?: { readonly fileName: string; readonly mediaType: string; readonly base64: string };
}

export interface ReportMailerNeeds {
  readonly store: SavedReportStore;
  readonly reads: Pick<Reads, 'accounts'>;
  /** The mail addresses of people, as the site has entered them for alarms. */
  readonly addressesOf: (userIds: readonly UserId[]) => Promise<ReadonlyMap<string, string>>;
  readonly queue: (mail: ReportMail) => Promise<void>;
  readonly reachOf: ReachOf;
  readonly makeFile: MakeReportFile;
  readonly workdays: () => Promise<(date: string) => boolean>;
  readonly days: SiteDays;
  readonly audit: Audit;
  /** Raised when somebody did not get a report. `people`: its owner, who alone can change it, if the owner still has the right. */
  readonly alarm: (report: Pick<SavedReport, 'id' | 'name'>, unsent: number, people: readonly string[]) => Promise<void>;
  /** The address of the pages for browsers; without it a mail only names the page in words. */
  readonly origin: string | undefined;
  readonly now: () => Date;
  readonly log: Logger;
}

type Due = SavedReport & { readonly schedule: MailSchedule };
/** The site's date of a mail, and the days that it covers. */
interface MailDay {
  readonly date: string;
  readonly span: { readonly from: string; readonly to: string };
}
const mailIdOf = (reportId: string, date: string, userId: UserId): string => `report-${reportId}-${date}-${userId}`;
/** People for whom sending is tried again today: a file that could not be made is made once the store is back. */
function unmadeOn(date: string, last: LastMailed | undefined): readonly string[] {
  return last?.date === date ? last.unsent.flatMap(({ userId, reason }) => (reason === 'not-made' ? [userId] : [])) : [];
}
/** Whether somebody must still get the report today. */
function isOpen({ lastMailed: last }: SavedReport, date: string, now: Date): boolean {
  if (last === undefined || last.date < date) return true;
  return unmadeOn(date, last).length > 0 && now.getTime() - last.at.getTime() >= TRIED_AGAIN_MS;
}
/**
 * What is asked for on a day. A filter that was allowed when the report was saved may be refused for some of its figures since, and months
 * are not compared: the mail says what is left out. Fails when no figure remains.
 */
function askedBy({ interval, by, figures, filters = {}, compare, asOf }: SavedReport, { date, span }: MailDay, days: SiteDays) {
  const atMs = asOf && days.momentOf(addDays(date, -asOf.daysAgo), clockOf(asOf.atMinute));
  const leftOut = figures.filter((key) => unfitFilter(key, filters) !== undefined);
  if (leftOut.length === figures.length)
    throw new CallCentreError('invalid-request', 'No figure of this report can be filtered as it asks.', {
      details: leftOut.map((key) => ({ at: `figures.${key}` })),
    });
  const isCompared = compare !== undefined && isComparable(interval, span, compare);
  const asked = {
    ...filters,
    ...span,
    ...{ interval, by, figures: figures.filter((key) => !leftOut.includes(key)) },
    ...(isCompared ? { compare } : {}),
    ...(atMs === undefined ? {} : { asOf: new Date(atMs).toISOString() }),
  };
  return { asked, leftOut, isLessCompared: compare !== undefined && !isCompared };
}
type Asked = ReturnType<typeof askedBy>;
const isScheduled = (report: SavedReport): report is Due => report.schedule !== undefined;

/** The people who may get reports now. */
async function readersAmong(
  { reads, now }: Pick<ReportMailerNeeds, 'reads' | 'now'>,
  userIds: readonly UserId[],
): Promise<ReadonlyMap<string, Principal>> {
  const accounts = await reads.accounts.find(
    { _id: { $in: [...new Set(userIds)] } },
    { fields: ['displayName', 'roles', 'scope', 'disabled', 'expiresAt'] },
  );
  return new Map(accounts.flatMap((account) => reportReader(account, now()) ?? []).map((person) => [person.userId, person]));
}

/**
 * Mails saved reports. Each person gets the part of the centre that the account may see at that moment, or nothing when the right has
 * ended; the same applies to the owner's schedule. Queued mails are recorded afterwards, and a mail has one id a day: a process that dies
 * in between sends nothing twice and leaves nobody out.
 */
export function createReportMailer(needs: ReportMailerNeeds) {
  const { store, days, now, log } = needs;
  /** Mails that were refused while the report was still being sent to others, before its day was recorded. */
  const refusedEarly = new Set<string>();

  async function mailTo(report: Due, person: Principal, to: string, { date, span }: MailDay): Promise<void> {
    const { id, schedule } = report;
    const { language, form } = schedule;
    const wanted = askedBy(report, { date, span }, days);
    const { asked } = wanted;
    const messageId = mailIdOf(id, date, person.userId);
    const reach = await needs.reachOf(person);
    const asker = { name: person.name, scope: person.scope, reach, withStates: seesStates(person, reach) };
    const made = form === 'link' ? undefined : await needs.makeFile({ ...asked, form, language }, asker);
    const attached = made === undefined || made.bytes.byteLength > MOST_ATTACHED_BYTES ? undefined : made;
    // Like an export by the page: the audit row is written before the file is sent.
    await needs.audit({
      who: 'system:reports',
      what: 'report.mailed',
      object: attached === undefined ? id : `${attached.fileName}/${attached.sha256}`,
      success: true,
      once: true,
      after: { reportId: id, ownerId: report.ownerId, receiver: person.userId, form, ...span },
    });
    const attachment = attached && attachmentOf(attached);
    const words = mailWords(report, wanted, { ...needs, sha256: attached?.sha256, isTooLarge: made !== attached });
    await needs.queue({ messageId, way: 'mail', to, ...words, topic: { kind: TOPIC, id }, ...(attachment && { attachment }) });
  }

  /** Sends a report to its people. If the owner's right has ended, there is one alarm, because nobody could end the next one. */
  async function send(report: Due, day: MailDay): Promise<LastMailed> {
    const { schedule, ownerId, lastMailed: before } = report;
    const again = unmadeOn(day.date, before);
    const people = again.length === 0 ? schedule.people : schedule.people.filter((userId) => again.includes(userId));
    const readers = await readersAmong(needs, [ownerId, ...people]);
    const addresses = await needs.addressesOf(people);
    const sent: string[] = again.length === 0 ? [] : [...(before?.sent ?? [])];
    const unsent: { userId: UserId; reason: UnsentReason }[] =
      again.length === 0 ? [] : (before?.unsent.filter(({ reason }) => reason !== 'not-made') ?? []);
    for (const userId of people) {
      const [person, to] = [readers.has(ownerId) ? readers.get(userId) : undefined, addresses.get(userId)];
      if (person === undefined || to === undefined) {
        unsent.push({ userId, reason: person === undefined ? 'no-right' : 'no-address' });
        continue;
      }
      try {
        await mailTo(report, person, to, day);
        sent.push(userId);
      } catch (error) {
        log.warn({ reportId: report.id, code: failureOf(error) }, 'a report could not be mailed');
        unsent.push({ userId, reason: 'not-made' });
      }
    }
    const last = withRefused({ date: day.date, at: now(), sent, unsent }, (userId) =>
      refusedEarly.has(mailIdOf(report.id, day.date, userId)),
    );
    await store.mailed(report.id, last);
    const isRaised = !readers.has(ownerId) && cameToNobody(report.lastMailed);
    // Another failed attempt raises no further alarm.
    if (unsent.length > 0 && again.length === 0 && !isRaised)
      await needs.alarm(
        report,
        unsent.length,
        [ownerId].filter((userId) => readers.has(userId)),
      );
    return last;
  }

  return {
    /** Sends what is due today and was not sent yet. */
    async round(isCalledOff: () => boolean = () => false): Promise<void> {
      const [date = '', time = ''] = days.timeText(now().getTime()).split(' ');
      const [hour = 0, minute = 0] = time.split(':').map(Number);
      const isWorkday = await needs.workdays();
      refusedEarly.clear();
      for (const report of await store.scheduled()) {
        if (isCalledOff()) return;
        if (!isScheduled(report) || !isOpen(report, date, now())) continue;
        const { rhythm, atMinute } = report.schedule;
        if (hour * 60 + minute >= atMinute && isMailDay(rhythm, date, isWorkday))
          await send(report, { date, span: daysMailed({ ...report, rhythm }, date, isWorkday) });
      }
    },

    /** The mail server has refused a mail of this report for good. */
    async refused(reportId: string, mailId: string): Promise<void> {
      const report = await store.byId(reportId);
      if (report === undefined) return;
      const { lastMailed: last, ownerId } = report;
      const isIt = (userId: UserId): boolean => last !== undefined && mailIdOf(reportId, last.date, userId) === mailId;
      if (last?.sent.some(isIt) === true) await store.mailed(reportId, withRefused(last, isIt));
      else if (last?.unsent.some(({ userId }) => isIt(userId)) !== true) refusedEarly.add(mailId);
      await needs.alarm(report, 1, [...(await readersAmong(needs, [ownerId])).keys()]);
    },
  };
}
export type ReportMailer = ReturnType<typeof createReportMailer>;

const attachmentOf = ({ fileName, mediaType, bytes }: Awaited<ReturnType<MakeReportFile>>) => ({
  ...{ fileName, mediaType },
  base64: Buffer.from(bytes).toString('base64'),
});

/** Whether nobody got the report the last time, because nobody has the right. */
const cameToNobody = (last: LastMailed | undefined): boolean =>
  last !== undefined && last.sent.length === 0 && last.unsent.every(({ reason }) => reason === 'no-right');

function mailWords(
  { name, schedule, filters = {} }: Due,
  { asked: { from, to, interval, by, figures, compare, asOf }, leftOut, isLessCompared }: Asked,
  { origin, sha256, isTooLarge }: Pick<ReportMailerNeeds, 'origin'> & { readonly sha256: string | undefined; readonly isTooLarge: boolean },
): { readonly subject: string; readonly text: string } {
  const say = speak(schedule.language);
  const time = from === to ? from : say(`${from} 至 ${to}`, `${from} to ${to}`);
  const chosen = Object.fromEntries(chosenIn(filters).map(([scope, values]) => [scope, joinValues(values)]));
  const moment = { ...(asOf === undefined ? {} : { asOf }), ...(compare === undefined ? {} : { compare }) };
  const query = new URLSearchParams({ from, to, interval, by, ...chosen, ...moment, figures: figures.join() }).toString();
  const missing = listed(
    leftOut.map((key) => inWords(figureRegistry[key].name, say)),
    say,
  );
  const lines = [
    say(
      `报表“${name}”，统计期间 ${time}。数据以您当前的数据范围为限。`,
      `Report “${name}” of ${time}, within your part of the centre as it is now.`,
    ),
    ...(missing === ''
      ? []
      : [
          say(
            `以下指标无法按本报表的筛选条件统计，未包含在内：${missing}。`,
            `Left out, because they cannot be counted with the filters of this report: ${missing}.`,
          ),
        ]),
    ...(isLessCompared
      ? [say('本期间无法与所选期间比较，未附对比。', 'This period cannot be compared as chosen; no comparison is given.')]
      : []),
    ...(isTooLarge ? [say('文件过大，未随邮件发送。', 'The file is too large for a mail.')] : []),
    ...(sha256 === undefined ? [] : [say(`数据 SHA-256：${sha256}`, `SHA-256 of its rows: ${sha256}`)]),
    origin === undefined
      ? say('登录后在“运营报表”中查看。', 'Sign in and open it on the page Reports.')
      : say(`登录后查看：${origin}/reports?${query}`, `Sign in to open it: ${origin}/reports?${query}`),
  ];
  return { subject: say(`运营报表：${name}（${time}）`, `Report: ${name} (${time})`), text: lines.join('\n') };
}

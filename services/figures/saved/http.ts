import { CallCentreError } from '../../shared/domain/failure.js';
import { assertFit } from '../fit.js';
import { isDaily } from '../../shared/domain/figures/registry.js';
import { reportReader } from '../../shared/domain/figures/saved-report.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import { meets } from '../../shared/domain/people/scopes.js';
import { isScoped } from '../../shared/platform/reach/reach.js';
import { route, type Audit, type Route } from '../../shared/platform/http/route.js';
import type { Reads } from '../../shared/records/reads.js';
import type { LastMailed, ReportChoices, SavedReport, SavedReportStore } from './saved-report.js';
import type { UserId } from '../../shared/domain/ids.js';

/** Nobody finds anything in a longer list. */
export const MOST_SAVED = 100;

export interface SavedHttp {
  readonly store: SavedReportStore;
  readonly reads: Pick<Reads, 'accounts'>;
  readonly addressesOf: (userIds: readonly UserId[]) => Promise<ReadonlyMap<string, string>>;
  readonly canMail: () => boolean;
  readonly hasLinks: boolean;
  readonly audit: Audit;
  readonly newId: () => string;
  readonly now: () => Date;
}

/** Who may get reports now. */
function readersOf(reads: SavedHttp['reads'], now: () => Date) {
  /** Accounts that may get reports, with their names. */
  async function readers(): Promise<readonly Principal[]> {
    const accounts = await reads.accounts.find({ disabled: false }, { fields: ['displayName', 'roles', 'scope', 'disabled', 'expiresAt'] });
    return accounts.flatMap((account) => reportReader(account, now()) ?? []);
  }

  /** Those of them whom the person may see: somebody of one client learns no name of another client's people. */
  async function readersFor(principal: Principal): Promise<readonly Principal[]> {
    return (await readers()).filter(({ scope }) => !isScoped(principal) || meets(scope, principal.scope));
  }
  return { readers, readersFor };
}

/** `seen`: the people whose names the reader may learn. Of others there is only their number. */
const shown = ({ ownerId, schedule, lastMailed, ...report }: SavedReport, userId: UserId, seen: Set<UserId>, isOrphaned = false) => {
  const isOwn = ownerId === userId;
  const people = schedule?.people.filter((each) => seen.has(each)) ?? [];
  // Only the owner sees who gets a report, and who did not get it.
  return {
    ...report,
    ownerId,
    isOwn,
    isOrphaned,
    schedule: isOwn && schedule !== undefined ? { ...schedule, people, unseen: schedule.people.length - people.length } : null,
    lastMailed: isOwn && lastMailed !== undefined ? lastMailedShown(lastMailed, seen) : null,
  };
};

/** Saved reports: the person's own, and those that are shared by people whose part of the centre the person has to do with. */
export function createSavedRoutes({ store, reads, addressesOf, canMail, hasLinks, audit, newId, now }: SavedHttp): Route[] {
  const { readers, readersFor } = readersOf(reads, now);

  const seenBy = async (principal: Principal): Promise<Set<UserId>> => new Set((await readersFor(principal)).map(({ userId }) => userId));

  /**
   * Only people who may have reports can receive them: nobody outside, and no agent. A person whom the report named `before`, and whom its
   * owner sees no more or whose right has ended, is left out.
   */
  async function choicesOf(
    { schedule, ...choices }: ReportChoices,
    seen: Set<UserId>,
    before: readonly UserId[] = [],
  ): Promise<ReportChoices> {
    assertMakes(choices);
    if (schedule === undefined) return choices;
    if (!canMail()) throw new CallCentreError('not-supported', 'No mail server is set up (SMTP_URL).');
    const people = [...new Set(schedule.people)].filter((userId) => seen.has(userId) || !before.includes(userId));
    if (people.length === 0 || people.some((userId) => !seen.has(userId)))
      throw new CallCentreError('invalid-request', 'A report is mailed only to people who may save reports.', {
        details: [{ at: 'schedule.people' }],
      });
    return { ...choices, schedule: { ...schedule, people } };
  }

  return [
    route('GET /figures/saved', {
      // A query under a name: it contains no row of the centre.
      reach: { kind: 'self' },
      handle: async ({ principal }) => {
        const { userId } = principal;
        const [all, people] = [new Set((await readers()).map((person) => person.userId)), await readersFor(principal)];
        const seen = new Set<UserId>(people.map((person) => person.userId));
        const addresses = await addressesOf([...seen]);
        // The name and the filters of a report name queues and people.
        const isSeen = ({ ownerId }: SavedReport): boolean => ownerId === userId || seen.has(ownerId) || !isScoped(principal);
        return {
          canMail: canMail(),
          hasLinks,
          people: people.map((person) => ({ userId: person.userId, name: person.name, hasMail: addresses.has(person.userId) })),
          reports: (await store.readableBy(userId)).filter(isSeen).map((report) => shown(report, userId, seen, !all.has(report.ownerId))),
        };
      },
    }),
    route('POST /figures/saved', {
      reach: { kind: 'self' },
      handle: async ({ principal, body, from }) => {
        const { userId } = principal;
        const seen = await seenBy(principal);
        const choices = await choicesOf(body, seen);
        if ((await store.countOf(userId)) >= MOST_SAVED)
          throw new CallCentreError('invalid-request', `One person can save at most ${String(MOST_SAVED)} reports.`, {
            details: { limit: 'saved-reports', most: MOST_SAVED },
          });
        const report: SavedReport = { ...choices, id: newId(), ownerId: userId };
        await audit({ who: userId, what: 'report.saved', object: report.id, from, success: true, after: choices });
        await store.add(report);
        return shown(report, userId, seen);
      },
    }),
    route('PUT /figures/saved/:id', {
      reach: { kind: 'self' },
      handle: async ({ principal, params: { id }, body, from }) => {
        const { userId } = principal;
        const before = await ownOf(id, userId);
        const seen = await seenBy(principal);
        const choices = await choicesOf(body, seen, before.schedule?.people);
        await audit({ who: userId, what: 'report.saved', object: id, from, success: true, before, after: choices });
        if (!(await store.change(id, userId, choices))) throw noReport();
        return shown({ ...before, ...choices, ...optionalOf(choices) }, userId, seen);
      },
    }),
    route('DELETE /figures/saved/:id', {
      reach: { kind: 'self' },
      handle: async ({ principal, params: { id }, from }) => {
        const { userId } = principal;
        const before = (await store.own(id, userId)) ?? (isScoped(principal) ? undefined : await orphaned(id));
        if (before === undefined) throw noReport();
        await audit({ who: userId, what: 'report.removed', object: id, from, success: true, before });
        await store.remove(id, before.ownerId);
      },
    }),
  ];

  /** A shared report whose owner may no longer have reports: otherwise nobody could remove it. Whose part it was is not known any more. */
  async function orphaned(id: string): Promise<SavedReport | undefined> {
    const found = await store.byId(id);
    return found?.isShared === true && !(await readers()).some((person) => person.userId === found.ownerId) ? found : undefined;
  }

  async function ownOf(id: string, userId: UserId): Promise<SavedReport> {
    const found = await store.own(id, userId);
    if (found === undefined) throw noReport();
    return found;
  }
}

/** The last mailing, with the ids of those alone whom the owner may see; of the others how many got it, and why the rest did not. */
function lastMailedShown({ sent, unsent, ...last }: LastMailed, seen: ReadonlySet<UserId>) {
  const isSeen = (userId: UserId): boolean => seen.has(userId);
  return {
    ...last,
    sent: sent.filter(isSeen),
    unsent: unsent.filter(({ userId }) => isSeen(userId)),
    unseen: {
      sent: sent.filter((userId) => !isSeen(userId)).length,
      unsent: unsent.flatMap(({ userId, reason }) => (isSeen(userId) ? [] : [reason])),
    },
  };
}

/** Fails when nobody could make such a report. */
function assertMakes({ figures, filters = {}, asOf }: Omit<ReportChoices, 'schedule'>): void {
  assertFit(figures, filters);
  if (asOf !== undefined && figures.some(isDaily))
    throw new CallCentreError('invalid-request', 'Daily figures are counted again each time and have no earlier state.', {
      details: [{ at: 'asOf' }],
    });
}

/** What a change takes away when it does not name it. */
const optionalOf = ({ filters, compare, asOf, schedule }: ReportChoices) => ({ filters, compare, asOf, schedule });

const noReport = (): CallCentreError => new CallCentreError('not-found', 'You have no such report.');

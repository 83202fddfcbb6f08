import { CallCentreError } from '../../shared/domain/failure.js';
import { clockFor, questionOf } from '../clock/case-clock.js';
import type { CaseDependencies } from '../cases/case-dependencies.js';
import type { CaseOpening } from '../cases/case-opening.js';
import { WHOLE_CENTRE, type CaseScope } from '../cases/case-scope.js';
import type { Complaint } from '../cases/complaint.js';
import type { ImportLine, ImportVerdict } from './import-lines.js';
import { provinceOfCase } from '../cases/province-of-case.js';
import type { ImportHead } from '../ports.js';
import type { CallId, QueueId } from '../../shared/domain/ids.js';

/** The number of cases in one staged piece, far below the size limit of a document. */
const PIECE = 250;
/** A worker that is silent for this long has died. Another one continues from the last piece, which takes a second or two. */
const CLAIM_MS = 20_000;
/** Pieces that were staged this long ago and not committed belong to a process that died in between. */
const FORGOTTEN_AFTER_MS = 3_600_000;

/**
 * Imports of many cases. All lines are checked first; then they are staged beside the cases; then one write commits the import. A failure
 * before that leaves nothing behind, and after it the import is continued: it is never half done for good.
 */
export function createCaseImport(needs: CaseDependencies, opening: CaseOpening) {
  const { complaints, imports, rules, calls, bus, audit, now, newId, dateOf, defaultProvince } = needs;

  async function stage(importId: string, by: string, lines: readonly ImportLine[], queueId: QueueId | undefined): Promise<number> {
    const [table, calendar] = await Promise.all([opening.table(), rules.calendars()]);
    const perDate = new Map<string, number>();
    for (const { receivedAt } of lines) perDate.set(dateOf(receivedAt), (perDate.get(dateOf(receivedAt)) ?? 0) + 1);
    const serials = new Map<string, number>();
    for (const [date, count] of perDate) serials.set(date, await complaints.nextNumber(date, count));
    const draftOf = (line: ImportLine): Complaint => {
      const date = dateOf(line.receivedAt);
      const serial = serials.get(date) ?? 1;
      serials.set(date, serial + 1);
      const placed = provinceOfCase({ stated: line.province, text: line.text, number: line.number, site: defaultProvince });
      const clock = clockFor(needs, table, calendar, questionOf({ ...line, ...placed }, defaultProvince), line.receivedAt);
      return opening.draft({ ...line, ...placed, queueId }, line.number, serial, by, clock);
    };
    let pieces = 0;
    for (let at = 0; at < lines.length; at += PIECE) {
      const part = lines.slice(at, at + PIECE).map(draftOf);
      const linked = await calls.findMany(hashesOf(part));
      const staged = part.map((complaint) => ({ ...complaint, callIds: callsFor(complaint, linked) }));
      await imports.stage(importId, pieces, staged);
      pieces += 1;
    }
    return pieces;
  }

  /** One piece of staged cases becomes cases. Repeating it after a crash has the same result. */
  async function land(head: ImportHead, piece: number): Promise<void> {
    const staged = await imports.piece(head.importId, piece);
    await complaints.addMissing(staged);
    const repeats = await complaints.withOthersRunning(hashesOf(staged));
    for (const complaint of staged) {
      await opening.protect(complaint);
      if (complaint.joinedInto === undefined && repeats.has(complaint.complainant.numberHash ?? '')) await joinRepeat(complaint, head.by);
    }
  }

  async function joinRepeat(complaint: Complaint, by: string): Promise<void> {
    const first = await opening.repeated(complaint);
    // Of two cases that arrived together, the one with the lower number counts as the first.
    if (first === undefined || first.number > complaint.number) return;
    const current = await complaints.byId(complaint.id);
    if (current === undefined || current.joinedInto !== undefined) return;
    if (await complaints.replace({ ...current, joinedInto: first.id, revision: current.revision + 1 }))
      await opening.joinTo(first, current, by);
  }

  return {
    /** Commits what was read and checked. The cases then appear piece by piece, reported by `complaint.import-progress`. */
    async importLines(
      by: string,
      { lines, faults, faultCount }: ImportVerdict,
      from: string,
      within: CaseScope = WHOLE_CENTRE,
    ): Promise<{ readonly importId: string; readonly total: number }> {
      if (faultCount > 0)
        throw new CallCentreError('invalid-request', 'Nothing was imported: some lines are wrong.', {
          details: { faults, faultCount },
        });
      if (lines.length === 0) throw new CallCentreError('invalid-request', 'There are no lines to import.');
      const importId = newId();
      const pieces = await stage(importId, by, lines, within.queues[0]);
      await audit({ who: by, what: 'complaint.imported', object: importId, from, success: true, after: { lines: lines.length } });
      await imports.commit({ importId, by, at: now(), total: lines.length, pieces, next: 0 });
      await bus.publish('complaint.import-progress', { importId, at: now().toISOString(), done: 0, total: lines.length });
      return { importId, total: lines.length };
    },

    /** Continues committed imports, in the cases role. */
    async carryOn(): Promise<void> {
      for (;;) {
        const claimedAt = now();
        const head = await imports.claim(claimedAt, new Date(claimedAt.getTime() + CLAIM_MS));
        if (head === undefined) break;
        for (let piece = head.next; piece < head.pieces; piece += 1) {
          await land(head, piece);
          await imports.advance(head.importId, piece + 1, new Date(now().getTime() + CLAIM_MS));
          const done = Math.min(head.total, (piece + 1) * PIECE);
          await bus.publish('complaint.import-progress', { importId: head.importId, at: now().toISOString(), done, total: head.total });
        }
        await imports.finish(head.importId, now());
      }
      await imports.sweep(new Date(now().getTime() - FORGOTTEN_AFTER_MS));
    },

    /** A person sees the progress of their own imports; people who see the whole centre, of any import. */
    async progress(
      importId: string,
      by: string,
      scoped: boolean,
    ): Promise<{ readonly total: number; readonly done: number; readonly finished: boolean }> {
      const head = await imports.byId(importId);
      if (head === undefined || (scoped && head.by !== by)) throw new CallCentreError('not-found', 'There is no such import.');
      return { total: head.total, done: Math.min(head.total, head.next * PIECE), finished: head.doneAt !== undefined };
    },
  };
}

const hashesOf = (cases: readonly Complaint[]): string[] => [...new Set(cases.flatMap(({ complainant }) => complainant.numberHash ?? []))];

/** The calls of the complainant; only those of the client unit, if the case has one. */
const callsFor = (
  { complainant, clientUnit }: Complaint,
  linked: ReadonlyMap<string, readonly { readonly callId: CallId; readonly clientUnit?: string }[]>,
): string[] =>
  (linked.get(complainant.numberHash ?? '') ?? [])
    .filter((call) => clientUnit === undefined || call.clientUnit === clientUnit)
    .map(({ callId }) => callId);

import { CallCentreError } from '../../shared/domain/failure.js';
import { maskNumber } from '../../shared/domain/numbers/phone-number.js';
import type { NumberHash } from '../../shared/platform/reach/number-hash.js';
import { route, type Audit, type Route } from '../../shared/platform/http/route.js';
import { standingAgainst, type ListContext, type ListedConsent, type ReadList, type RefusedRow } from './consent-import.js';
import { knownNumber } from '../known-number.js';
import type { Consent, ConsentStore, RefusalStore } from '../ports.js';
import type { CallId } from '../../shared/domain/ids.js';

export interface ConsentsHttp {
  readonly consents: ConsentStore;
  readonly refusals: Pick<RefusalStore, 'ofNumbers'>;
  /** Whether the recording of a call is in the archive. */
  readonly isRecorded: (callId: CallId) => Promise<boolean>;
  readonly readConsentFile: (
    file: ListContext & { readonly bytes: Uint8Array; readonly zone: string },
  ) => Promise<ReadList & { readonly sha256: string }>;
  /** The client units of the licence file. */
  readonly clientUnits: () => Promise<readonly { readonly id: string; readonly name: string }[]>;
  readonly zone: string;
  readonly audit: Audit;
  readonly hashNumber: NumberHash;
  readonly newId: () => string;
}

type Hashed = ListedConsent & { readonly numberHash: string };

/** The number of rows that are checked against the store and written at a time. */
const PORTION = 1_000;

const portions = <T>(rows: readonly T[]): (readonly T[])[] =>
  Array.from({ length: Math.ceil(rows.length / PORTION) }, (_, i) => rows.slice(i * PORTION, (i + 1) * PORTION));

/** Consents to be called: single ones, lists, and their end. */
export function createConsentRoutes(deps: ConsentsHttp): Route[] {
  const { consents, isRecorded, clientUnits, audit, hashNumber, newId } = deps;
  return [
    route('GET /outbound/consents', {
      reach: { kind: 'site' },
      looksUp: ({ query }) => query.number,
      handle: async ({ query: { number, ...page } }) =>
        consents.list({ ...page, ...(number === undefined ? {} : { numberHash: knownNumber(number, hashNumber).numberHash }) }),
    }),
    route('GET /outbound/client-units', {
      reach: { kind: 'site' },
      handle: async () => ({ clientUnits: await clientUnits() }),
    }),
    route('POST /outbound/consents', {
      reach: { kind: 'site' },
      handle: async ({ principal, body: { number, validUntil, originalCallId, clientUnit, ...body }, from }) => {
        const now = new Date();
        const refuse = (at: string, message: string): never => {
          throw new CallCentreError('invalid-request', message, { details: [{ at }] });
        };
        if (body.givenAt > now) refuse('givenAt', 'This time is in the future.');
        if (validUntil !== undefined && validUntil <= body.givenAt) refuse('validUntil', 'It would end before it begins.');
        if (originalCallId !== undefined && !(await isRecorded(originalCallId)))
          refuse('originalCallId', 'There is no recording of this call.');
        if (clientUnit !== undefined && !(await clientUnits()).some((unit) => unit.id === clientUnit))
          refuse('clientUnit', 'The register has no such client unit.');
        const { number: plain, numberHash } = knownNumber(number, hashNumber);
        const by = principal.userId;
        const id = newId();
        const of = clientUnit === undefined ? {} : { clientUnit };
        await audit({ who: by, what: 'consent.added', object: `consent:${id}`, from, success: true, after: { ...body, ...of } });
        await consents.put({
          ...body,
          ...of,
          id,
          numberHash,
          numberMasked: maskNumber(plain),
          by,
          at: now,
          ...(validUntil === undefined ? {} : { validUntil }),
          ...(originalCallId === undefined ? {} : { original: { kind: 'call', callId: originalCallId } }),
        });
        return { id };
      },
    }),
    importRoute(deps),
    route('POST /outbound/consents/:id/withdraw', {
      reach: { kind: 'site' },
      handle: async ({ principal, params, body, from }) => {
        const by = principal.userId;
        await audit({ who: by, what: 'consent.withdrawn', object: `consent:${params.id}`, from, success: true, reason: body.reason });
        if (!(await consents.withdraw(params.id, { at: new Date(), by, reason: body.reason })))
          throw new CallCentreError('not-found', 'There is no such consent in force.');
      },
    }),
  ];
}

function importRoute({ consents, refusals, readConsentFile, clientUnits, zone, audit, hashNumber, newId }: ConsentsHttp): Route {
  /** Finds rows that the store already has, and rows of people who have since withdrawn consent or refused. The rest is good. */
  async function compared(rows: readonly Hashed[], now: Date): Promise<{ readonly good: Hashed[]; readonly refused: RefusedRow[] }> {
    const good: Hashed[] = [];
    const refused: RefusedRow[] = [];
    for (const portion of portions(rows)) {
      const hashes = [...new Set(portion.map(({ numberHash }) => numberHash))];
      const [ofPortion, refusalsOfPortion] = await Promise.all([consents.ofNumbers(hashes), refusals.ofNumbers(hashes)]);
      const known = new Map<string, Consent[]>();
      for (const consent of ofPortion) known.set(consent.numberHash, [...(known.get(consent.numberHash) ?? []), consent]);
      const refusalsOf = new Map(refusalsOfPortion.map((each) => [each.numberHash, each]));
      for (const row of portion) {
        const fault = standingAgainst(row, known.get(row.numberHash) ?? [], refusalsOf.get(row.numberHash), now);
        if (fault === undefined) good.push(row);
        else refused.push({ line: row.line, fault });
      }
    }
    return { good, refused };
  }

  return route('POST /outbound/consents/import', {
    reach: { kind: 'site' },
    handle: async ({ principal, query: { fileName, commit }, from, upload }) => {
      const bytes = await upload.bytes();
      const now = new Date();
      const units = (await clientUnits()).map(({ id }) => id);
      const list = await readConsentFile({ bytes, now, zone, clientUnits: units });
      const { sha256 } = list;
      if (list.missing.length > 0)
        throw new CallCentreError('invalid-request', `Columns are missing: ${list.missing.join(', ')}.`, {
          details: { columns: list.missing },
        });
      const hashed = list.rows.map((row) => ({ ...row, numberHash: hashNumber(row.number) ?? '' }));
      const { good, refused: against } = await compared(hashed, now);
      const refused = [...list.refused, ...against].sort((a, b) => a.line - b.line);
      const counts = { rows: list.rows.length + list.refused.length, good: good.length, sha256 };
      const { unread } = list;
      if (commit !== 'yes') return { ...counts, refused, unread, committed: false };
      const by = principal.userId;
      const importId = newId();
      const after = { fileName, ...counts, refused: refused.length };
      await audit({ who: by, what: 'consent.list-imported', object: `consent-list:${importId}`, from, success: true, after });
      for (const portion of portions(good))
        await consents.putMany(
          portion.map(({ number: _number, line, ...row }) => ({
            ...row,
            id: newId(),
            by,
            at: now,
            list: { importId, fileName, sha256, line },
          })),
        );
      return { ...counts, refused, unread, committed: true };
    },
  });
}

import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { CallCentreError } from '../shared/domain/failure.js';
import { speak, type Language } from '../shared/domain/language.js';
import { packKindOf } from '../shared/domain/licence/licence-case.js';
import { handled, route, type Audit, type Route } from '../shared/platform/http/route.js';
import { addDays, type CalendarDate } from '../shared/domain/time/calendar-date.js';
import { selfCheck } from './checks/self-check.js';
import { casesDue } from './cases/cases-due.js';
import { casesOf, showCase } from './cases/licence-case.js';
import type { Finding } from '../shared/domain/licence/finding.js';
import { missing } from './http-parts.js';
import { SUBMISSION } from './pack/submission.js';
import type { LicenceFileReader, PackRecord, PackStore } from './ports.js';

export interface CasesHttp {
  readonly packs: PackStore;
  readonly licenceFile: LicenceFileReader;
  readonly calendar: { today(): CalendarDate };
  readonly commands: CommandBus;
  readonly audit: Audit;
  /** The findings of the last round. */
  readonly findings: (language: Language) => Promise<readonly Finding[]>;
  readonly archivePath: (pack: PackRecord) => Promise<string>;
  readonly filesOf: (path: string) => Promise<readonly string[]>;
  /** A ZIP of some files of an archive, without the names of their folder. */
  readonly excerpt: (path: string, names: readonly string[], folder: string) => Promise<AsyncIterable<Uint8Array>>;
}

const PERIOD_DAYS = 365;

/** Licence cases: their materials, and what is submitted. Their rows and files are those of the registers. */
export function createCasesHttp(needs: CasesHttp): Route[] {
  const { packs, licenceFile, calendar, commands, audit } = needs;
  return [
    route('GET /evidence/cases', {
      reach: { kind: 'site' },
      handle: async ({ query: { language } }) => {
        const today = calendar.today();
        const say = speak(language);
        const [file, findings, sealed] = await Promise.all([licenceFile.read(language), needs.findings(language), packs.all()]);
        const selfChecks = (['provincial', 'nationwide'] as const).map((scope) => selfCheck(file, findings, scope, { today, say }));
        const cases = casesOf(file);
        return {
          today,
          cases: cases.map((of) => {
            const pack = sealed.find(({ caseId }) => caseId === of.caseId);
            return {
              ...showCase(of, file, { today, say, selfChecks, findings }),
              pack: pack === undefined ? null : { packId: pack.packId, madeAt: pack.madeAt, fileName: pack.fileName },
            };
          }),
          due: casesDue(
            cases,
            file,
            sealed.flatMap(({ annual, filed }) => (annual === undefined || filed === undefined ? [] : [annual.year])),
            { today, say },
          ),
        };
      },
    }),
    route('POST /evidence/cases/:caseId/pack', {
      reach: { kind: 'site' },
      handle: async ({ principal, params, body: { from, to, language } }) => {
        const of = casesOf(await licenceFile.read(language)).find(({ caseId }) => caseId === params.caseId) ?? missing('licence case');
        const today = calendar.today();
        const annual = of.kind === 'annual-report';
        if (annual && of.year === 0) throw new CallCentreError('invalid-request', 'The year of the report is not entered.');
        const until = to ?? (annual ? `${of.year}-12-31` : today);
        return commands.send('evidence.make-pack', {
          kind: packKindOf[of.kind],
          caseId: of.caseId,
          from: from ?? (annual ? `${of.year}-01-01` : addDays(until, 1 - PERIOD_DAYS)),
          to: until,
          language,
          requestedBy: principal.userId,
        });
      },
    }),
    route('GET /evidence/packs/:packId/submission', {
      reach: { kind: 'site' },
      handle: async ({ principal, params, from, response }) => {
        const pack = (await packs.one(params.packId)) ?? missing('pack');
        const path = await needs.archivePath(pack);
        const names = (await needs.filesOf(path)).filter((name) => name.startsWith(SUBMISSION)).sort();
        if (names.length === 0) missing('submission');
        await audit({ who: principal.userId, what: 'pack.downloaded', object: `${pack.packId} ${SUBMISSION}`, from, success: true });
        response.attachment(`${pack.caseId ?? pack.packId}-${pack.packId}.zip`).type('application/zip');
        await response.stream(await needs.excerpt(path, names, SUBMISSION));
        return handled;
      },
    }),
  ];
}

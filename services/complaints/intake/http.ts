import { CallCentreError } from '../../shared/domain/failure.js';
import { isScoped } from '../../shared/platform/reach/reach.js';
import { route, type Route } from '../../shared/platform/http/route.js';
import { scopeOf } from '../cases/case-scope.js';
import type { ComplaintService } from '../complaint-service.js';
import { shown } from '../cases/shown.js';
import type { FormLimits } from './form-limits.js';
import type { ReadLines } from './import-lines.js';
import type { MailIntake } from './mail-intake.js';

export interface IntakeHttp {
  readonly service: ComplaintService;
  readonly mail: MailIntake;
  readonly limits: FormLimits;
  readonly readLines: ReadLines;
  readonly now: () => Date;
  /** The site's date at a time. */
  readonly dateOf: (at: Date) => string;
}

/** Complaints that arrive by other channels than the telephone: a file, a mail, the public form. */
export function createIntakeRoutes({ service, mail, limits, readLines, now, dateOf }: IntakeHttp): Route[] {
  return [
    route('POST /complaints/import', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, from, upload }) => {
        const within = scopeOf(principal);
        const read = await readLines({ csv: await upload.bytes(), now: now(), clientUnits: within.clientUnits });
        return service.importLines(principal.userId, read, from, within);
      },
    }),
    route('GET /complaints/import/:importId', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, params }) =>
        service.progress(params.importId, principal.userId, principal === undefined || isScoped(principal)),
    }),
    route('POST /complaints/mail', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, from, upload }) => {
        const verdict = await mail.take(await upload.bytes(), principal.userId, from, scopeOf(principal));
        if ('ignored' in verdict)
          throw new CallCentreError('invalid-request', 'This mail is not a complaint.', { details: { ignored: verdict.ignored } });
        return shown(verdict.complaint);
      },
    }),
    route('POST /public/complaints', {
      reach: { kind: 'public' },
      handle: async ({ body: { website, ...wanted }, from }) => {
        await limits.take(from);
        if (website !== '') throw new CallCentreError('invalid-request', 'This form was not filled in by a person.');
        const { number, clocks } = await service.open('complainant', { ...wanted, source: 'web' }, from);
        const due = clocks[0]?.dueAt;
        return { number, ...(due === undefined ? {} : { dueOn: dateOf(due) }) };
      },
    }),
  ];
}

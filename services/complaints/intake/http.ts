import { z } from 'zod';
import { CallCentreError } from '../../shared/domain/failure.js';
import { isScoped } from '../../shared/platform/reach.js';
import { route, type Route } from '../../shared/platform/route.js';
import { scopeOf } from '../case-scope.js';
import type { ComplaintService } from '../complaint-service.js';
import { complaintKinds } from '../deadline-rule.js';
import { who } from '../http.js';
import { shown } from '../shown.js';
import type { FormLimits } from './form-limits.js';
import type { ReadLines } from '../import-lines.js';
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

const UPLOAD_BYTES = 20_000_000;
const MAIL_BYTES = 10_000_000;

const Form = z
  .object({
    kind: z.enum(complaintKinds),
    text: z.string().trim().min(5).max(5_000),
    number: z
      .string()
      .trim()
      .regex(/^\+?[0-9 -]{5,24}$/)
      .optional(),
    mail: z.email().max(254).optional(),
    name: z.string().trim().max(100).optional(),
    /** A field that people do not see: who fills it in is a program. */
    website: z.string().max(200).default(''),
  })
  .refine(({ number, mail }) => number !== undefined || mail !== undefined, {
    path: ['number'],
    message: 'a number or a mail address is needed',
  });

/** Complaints that come by other ways than the telephone: a file, a mail, the public form. */
export function createIntakeRoutes({ service, mail, limits, readLines, now, dateOf }: IntakeHttp): Route[] {
  return [
    route({
      method: 'post',
      path: '/complaints/import',
      right: 'complaints.work',
      reach: { kind: 'filtered' },
      summary:
        'Imports a CSV (UTF-8, heads source, kind, name, number, text, receivedAt, eventAt, clientUnit, province): all lines or none. The cases appear piece by piece.',
      uploadBytes: UPLOAD_BYTES,
      handle: async ({ principal, from, upload }) => {
        const within = scopeOf(principal);
        const read = await readLines({ csv: await upload.bytes(), now: now(), clientUnits: within.clientUnits });
        return service.importLines(who(principal), read, from, within);
      },
    }),
    route({
      method: 'get',
      path: '/complaints/import/:importId',
      right: 'complaints.work',
      reach: { kind: 'filtered' },
      summary: 'How far an import is.',
      params: z.object({ importId: z.string().max(64) }),
      handle: async ({ principal, params }) =>
        service.progress(params.importId, who(principal), principal === undefined || isScoped(principal)),
    }),
    route({
      method: 'post',
      path: '/complaints/mail',
      right: 'complaints.open',
      reach: { kind: 'filtered' },
      summary: 'Opens a case from a mail as it stands (RFC 5322); the same mail again answers with the same case.',
      uploadBytes: MAIL_BYTES,
      handle: async ({ principal, from, upload }) => {
        const verdict = await mail.take(await upload.bytes(), who(principal), from, scopeOf(principal));
        if ('ignored' in verdict)
          throw new CallCentreError('invalid-request', 'This mail is no complaint.', { details: { ignored: verdict.ignored } });
        return shown(verdict.complaint);
      },
    }),
    route({
      method: 'post',
      path: '/public/complaints',
      right: 'public',
      reach: { kind: 'public' },
      summary: 'The public form: opens a complaint without signing in and answers with its number. Few in an hour from one address.',
      body: Form,
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

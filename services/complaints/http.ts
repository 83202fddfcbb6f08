import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { CallCentreError } from '../shared/domain/failure.js';
import { withinScope, type Principal } from '../shared/domain/rights.js';
import { handled, route, type Audit, type Route } from '../shared/platform/route.js';
import { caseSheet } from './adapters/case-sheet.js';
import type { ComplaintEvent } from './complaint.js';
import type { ComplaintService } from './complaint-service.js';
import { complaintKinds, complaintSources, DeadlineRule, ruleFaults } from './deadline-rule.js';
import type { CallsOfNumber, ComplaintStore, RuleStore } from './ports.js';
import { complaintFigures } from './statistics.js';
import { calendarFaults } from './working-days.js';

export interface ComplaintHttp {
  readonly service: ComplaintService;
  readonly complaints: ComplaintStore;
  readonly rules: RuleStore;
  readonly calls: CallsOfNumber;
  readonly audit: Audit;
  readonly hashNumber: (number: string) => string;
  /** Ends of today and of this week at the site, and now. */
  readonly bounds: () => { readonly now: Date; readonly todayEnd: Date; readonly weekEnd: Date };
}

const id = z.object({ id: z.string().max(64) });
const text = z.string().max(10_000);
const UPLOAD_BYTES = 20_000_000;
/** More than that goes through `/exports`, where a second person approves. */
const FREE_EXPORT_ROWS = 100;

const Act = z.discriminatedUnion('type', [
  z.object({ type: z.literal('take') }),
  z.object({ type: z.literal('hand-over'), to: z.string().min(1).max(64) }),
  z.object({ type: z.literal('give-back'), text }),
  z.object({ type: z.literal('note'), text }),
  z.object({ type: z.literal('record-satisfaction'), score: z.int().min(1).max(5).nullable() }),
  z.object({ type: z.literal('attach-evidence'), kind: z.enum(['consent', 'corrective-action']), text }),
  z.object({ type: z.literal('close'), upheld: z.boolean(), text }),
  z.object({ type: z.literal('change-kind'), kind: z.enum(complaintKinds) }),
]);

const Search = z.object({
  state: z.enum(['open', 'in-hand', 'answered', 'closed']).optional(),
  kind: z.enum(complaintKinds).optional(),
  owner: z.string().max(64).optional(),
  clientUnit: z.string().max(100).optional(),
  againstAgentId: z.string().max(64).optional(),
  number: z.string().max(24).optional(),
  callId: z.string().max(64).optional(),
  clock: z.enum(['overdue', 'today', 'week', 'later']).optional(),
  receivedFrom: z.coerce.date().optional(),
  receivedTo: z.coerce.date().optional(),
  skip: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export function createComplaintRoutes(needs: ComplaintHttp): Route[] {
  return [...caseRoutes(needs), ...boardRoutes(needs), ...ruleRoutes(needs)];
}

const who = (principal: Principal | undefined): string => principal?.userId ?? '';

function caseRoutes({ service, complaints }: ComplaintHttp): Route[] {
  return [
    route({
      method: 'post',
      path: '/complaints',
      right: 'complaints.open',
      summary: 'Opens a complaint, by a call or a number; answers with the number that the complainant gets.',
      body: z.object({
        source: z.enum(complaintSources).default('phone'),
        kind: z.enum(complaintKinds),
        text: text.min(1),
        number: z.string().max(24).optional(),
        callId: z.string().max(64).optional(),
        name: z.string().max(100).optional(),
        province: z.string().max(20).optional(),
        clientUnit: z.string().max(100).optional(),
        eventAt: z.coerce.date().optional(),
        receivedAt: z.coerce.date().optional(),
      }),
      handle: async ({ principal, body, from }) => service.open(who(principal), body, from),
    }),
    route({
      method: 'get',
      path: '/complaints/:id',
      right: 'complaints.read',
      summary: 'One case with its whole history.',
      params: id,
      handle: async ({ principal, params }) => {
        const found = await complaints.byId(params.id);
        if (found === undefined || !withinScope(principal?.scope.clientUnits ?? [], found.clientUnit))
          throw new CallCentreError('not-found', 'There is no such case.');
        return found;
      },
    }),
    route({
      method: 'post',
      path: '/complaints/:id/act',
      right: 'complaints.work',
      summary: 'One step of the work: take, hand over, give back, note, satisfaction, evidence, close, change the kind.',
      params: id,
      body: z.object({ act: Act, revision: z.int().optional() }),
      handle: async ({ principal, params, body, from }) => service.act(who(principal), params.id, body.act, from, body.revision),
    }),
    route({
      method: 'post',
      path: '/complaints/:id/answer',
      right: 'complaints.work',
      summary: 'Answers the complainant: by call (recorded), SMS, mail or letter.',
      params: id,
      body: z.object({
        how: z.enum(['call', 'sms', 'mail', 'letter']),
        text,
        callId: z.string().max(64).optional(),
        to: z.string().max(200).optional(),
      }),
      handle: async ({ principal, params, body, from }) => {
        const { how, text: words, callId, to } = body;
        const given: Extract<ComplaintEvent, { type: 'answer' }> = {
          type: 'answer',
          how,
          text: words,
          ...(callId === undefined ? {} : { callId }),
        };
        return service.answer(who(principal), params.id, given, to, from);
      },
    }),
    route({
      method: 'post',
      path: '/complaints/:id/reopen',
      right: 'complaints.work',
      summary: 'Opens a case again, with a new clock.',
      params: id,
      body: z.object({ text: text.min(1) }),
      handle: async ({ principal, params, body, from }) => service.reopen(who(principal), params.id, body.text, from),
    }),
    route({
      method: 'post',
      path: '/complaints/import',
      right: 'complaints.work',
      summary:
        'Imports a CSV (UTF-8, heads source, kind, name, number, text, receivedAt, eventAt, clientUnit, province): all lines or none.',
      uploadBytes: UPLOAD_BYTES,
      handle: async ({ principal, request, from }) => service.importLines(who(principal), readCsv(await bodyOf(request)), from),
    }),
  ];
}

function boardRoutes({ complaints, calls, hashNumber, bounds, audit }: ComplaintHttp): Route[] {
  return [
    route({
      method: 'get',
      path: '/complaints',
      right: 'complaints.read',
      summary: 'Cases, by clock or newest first.',
      query: Search,
      handle: async ({ principal, query }) => {
        const { number, ...rest } = query;
        const numberHash = number === undefined ? {} : { numberHash: hashNumber(number) };
        return complaints.search({ ...rest, ...numberHash, clientUnits: principal?.scope.clientUnits }, bounds());
      },
    }),
    route({
      method: 'get',
      path: '/complaints/board',
      right: 'complaints.read',
      summary: 'How many cases are overdue, due today, this week, later; by kind, client and agent.',
      handle: async () => complaints.counts(bounds()),
    }),
    route({
      method: 'get',
      path: '/complaints/figures',
      right: 'complaints.read',
      summary: 'The figures of a time (regulation item 34).',
      query: z.object({ from: z.coerce.date(), to: z.coerce.date() }).refine(({ from, to }) => from < to, 'from must be before to'),
      handle: async ({ query }) => {
        const [received, count] = await Promise.all([complaints.received(query.from, query.to), calls.count(query.from, query.to)]);
        return { ...complaintFigures(received, count), calls: count };
      },
    }),
    route({
      method: 'get',
      path: '/complaints/export.csv',
      right: 'complaints.work',
      summary: `Cases as CSV with masked numbers, ${FREE_EXPORT_ROWS} at most; more is asked for under /exports.`,
      query: Search,
      handle: async ({ principal, query, from, response }) => {
        const { number, ...rest } = query;
        const filter = {
          ...rest,
          clientUnits: principal?.scope.clientUnits,
          ...(number === undefined ? {} : { numberHash: hashNumber(number) }),
          skip: 0,
          limit: FREE_EXPORT_ROWS,
        };
        const { complaints: rows, total } = await complaints.search(filter, bounds());
        if (total > FREE_EXPORT_ROWS)
          throw new CallCentreError('approval-needed', 'So many cases need the approval of a second person.', { details: { rows: total } });
        await audit({ who: who(principal), what: 'complaint.exported', from, success: true, after: { rows: rows.length } });
        response.attachment('complaints.csv').type('text/csv').end(caseSheet(rows));
        return handled;
      },
    }),
  ];
}

function ruleRoutes({ rules, audit }: ComplaintHttp): Route[] {
  return [
    route({
      method: 'get',
      path: '/complaints/rules',
      right: 'complaints.read',
      summary: 'The deadline rules in force and the working calendars.',
      handle: async () => ({ table: await rules.newest(), calendars: [...(await rules.calendars()).values()] }),
    }),
    route({
      method: 'put',
      path: '/complaints/rules',
      right: 'complaints.rules',
      summary: 'A new version of the deadline rules. Clocks that run keep the version that set them.',
      body: z.object({ rules: z.array(DeadlineRule).min(1).max(200) }),
      handle: async ({ principal, body, from }) => {
        const faults = ruleFaults(body.rules);
        if (faults.length > 0) throw new CallCentreError('invalid-request', 'The rules contradict themselves.', { details: { faults } });
        const before = await rules.newest();
        const table = { version: (before?.version ?? 0) + 1, validFrom: new Date().toISOString(), rules: body.rules };
        await audit({
          who: who(principal),
          what: 'complaint.rules-changed',
          object: String(table.version),
          from,
          success: true,
          before: before?.rules,
          after: body.rules,
        });
        await rules.add(table);
        return table;
      },
    }),
    route({
      method: 'put',
      path: '/complaints/calendars/:year',
      right: 'complaints.rules',
      summary: 'The working calendar of a year (调休): weekdays off and weekends worked.',
      params: z.object({ year: z.coerce.number().int().min(2000).max(2100) }),
      body: z.object({
        daysOff: z.array(z.string().max(10)).max(60),
        workedWeekends: z.array(z.string().max(10)).max(40),
        source: z.string().max(200),
      }),
      handle: async ({ principal, params, body, from }) => {
        const year = { year: params.year, ...body };
        const faults = calendarFaults(year);
        if (faults.length > 0) throw new CallCentreError('invalid-request', 'The calendar contradicts itself.', { details: { faults } });
        await audit({ who: who(principal), what: 'calendar.changed', object: String(params.year), from, success: true, after: body });
        await rules.putCalendar(year);
        return year;
      },
    }),
  ];
}

async function bodyOf(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += (chunk as Buffer).length;
    if (size > UPLOAD_BYTES) throw new CallCentreError('too-large', 'The file is too large.');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readCsv(csv: string): Record<string, unknown>[] {
  try {
    return parse(csv, { columns: true, bom: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    throw new CallCentreError('invalid-request', 'This is not a CSV file that can be read.', {
      cause: error,
      details: { line: lineOf(error) },
    });
  }
}

const lineOf = (error: unknown): number | null =>
  error instanceof Error && 'lines' in error && typeof error.lines === 'number' ? error.lines : null;

import { z } from 'zod';
import { failureCodes } from '../../failure-details.js';
import { type Endpoints } from '../endpoint.js';

/**
 * Kinds of objects with a place in the centre: a person with a scope reaches only those of their own part. `site` is everything at once,
 * and `live-call` is a call in progress, for people who were not in it.
 */
export const ObjectKind = z.enum([
  'number',
  'queue',
  'agent',
  'site',
  'call',
  'export',
  'live-call',
  'complaint',
  'customer',
  'client-unit',
  'team',
  'person',
]);
export type ObjectKind = z.infer<typeof ObjectKind>;

const JsonSchema = z.record(z.string(), z.unknown());

const Content = z.record(z.string(), z.object({ schema: JsonSchema }));

const OpenApiOperation = z.object({
  summary: z.string(),
  tags: z.array(z.string()),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  'x-right': z.string(),
  'x-failures': z.array(z.enum(failureCodes)),
  parameters: z.array(z.object({ name: z.string(), in: z.enum(['path', 'query']), required: z.boolean(), schema: JsonSchema })),
  requestBody: z.object({ required: z.literal(true), content: Content }).optional(),
  responses: z.record(
    z.string(),
    z.object({ description: z.string().optional(), content: Content.optional(), $ref: z.string().optional() }),
  ),
});

const OpenApiFile = z.object({
  openapi: z.literal('3.1.0'),
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  servers: z.array(z.object({ url: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), OpenApiOperation)),
  components: JsonSchema,
});

export const systemApi = {
  'GET /health': {
    right: 'public',
    summary: 'Whether this web process answers. Says nothing about its internal state.',
    answer: z.object({
      ok: z.boolean(),
    }),
    failures: [],
  },
  'GET /system/routes': {
    right: 'system.read',
    summary: 'Every route with the right it requires and its reach; with `schemas=yes` also the input of each, as JSON Schema.',
    query: z.object({ schemas: z.enum(['yes', 'no']).default('no') }),
    answer: z.object({
      routes: z.array(
        z.object({
          method: z.enum(['delete', 'put', 'get', 'post', 'patch']),
          path: z.string(),
          right: z.enum([
            'public',
            'seat.use',
            'calls.own',
            'calls.see',
            'calls.read',
            'calls.note',
            'calls.control',
            'calls.listen',
            'calls.whisper',
            'calls.barge',
            'calls.take-over',
            'calls.end',
            'listening.read',
            'listening.edit',
            'reports.keep',
            'recordings.play',
            'recordings.download',
            'recordings.hold',
            'recordings.delete',
            'recordings.review',
            'numbers.unmask',
            'customers.of-call',
            'customers.own',
            'customers.read',
            'customers.edit',
            'queues.watch',
            'agents.watch',
            'agents.control',
            'help.answer',
            'chat.supervise',
            'flows.edit',
            'calls.practise',
            'walls.edit',
            'queues.edit',
            'complaints.open',
            'complaints.read',
            'complaints.work',
            'complaints.rules',
            'satisfaction.read',
            'outbound.read',
            'outbound.edit',
            'outbound.free-dial',
            'registry.read',
            'registry.edit',
            'evidence.read',
            'evidence.make',
            'evidence.proof-call',
            'evidence.seed',
            'users.read',
            'users.edit',
            'teams.read',
            'exports.use',
            'exports.approve',
            'alarms.use',
            'alarms.edit',
            'audit.read',
            'security.edit',
            'system.read',
            'system.edit',
            'traces.ask',
            'traces.read',
            'self.use',
          ]),
          reach: z.discriminatedUnion('kind', [
            z.object({
              kind: z.literal('object'),
              of: ObjectKind,
              param: z.string(),
            }),
            z.object({
              kind: z.enum(['site', 'public', 'self', 'common', 'restraint', 'filtered', 'objects']),
              of: z.undefined().optional(),
              param: z.undefined().optional(),
            }),
          ]),
          summary: z.string(),
          /** With `schemas=yes`: what the route takes, as JSON Schema. */
          params: JsonSchema.optional(),
          query: JsonSchema.optional(),
          body: JsonSchema.optional(),
          uploadBytes: z.int().nullable().optional(),
          looksUpNumber: z.boolean().optional(),
        }),
      ),
    }),
    failures: [],
  },
  'GET /openapi.json': {
    right: 'system.read',
    summary: 'This interface as OpenAPI 3.1 describes it: every route with what it takes, answers and may fail with.',
    answer: OpenApiFile,
    failures: [],
  },
  'GET /system/status': {
    right: 'system.read',
    summary: 'What runs: telephony, recorder, stores, and the processes that the supervisor wrote down.',
    answer: z.object({
      at: z.string(),
      telephony: z.unknown(),
      recorder: z.unknown(),
      live: z.unknown(),
      /** Events that a part could not handle; `setAside` is the number of those that wait. */
      events: z.unknown(),
      documents: z.unknown(),
      /** The nightly backups; `ok` alone while their state cannot be read. */
      backups: z.object({
        ok: z.boolean(),
        /** False where the site names no folder for them. */
        on: z.boolean(),
        folder: z.string().optional(),
        /** Hour of the site's time. */
        atHour: z.int().optional(),
        keep: z.int().optional(),
        problem: z.object({ en: z.string(), zh: z.string() }).optional(),
        last: z
          .object({
            name: z.string(),
            asOf: z.string(),
            finishedAt: z.string(),
            bytes: z.number(),
            files: z.int(),
            linked: z.int(),
            damaged: z.int(),
            seconds: z.number(),
            /** What lies on servers of the site's own and is not in it. */
            elsewhere: z.array(z.enum(['documents', 'objects'])).optional(),
          })
          .optional(),
      }),
      processes: z.unknown(),
    }),
    failures: ['service-unavailable', 'timed-out'],
  },
} satisfies Endpoints;
export type SystemApi = typeof systemApi;

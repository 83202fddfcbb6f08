import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { api } from '../shared/contracts/api/api.js';
import { openApiOf } from '../shared/platform/http/open-api.js';
import { route, type Route } from '../shared/platform/http/route.js';
import { countSetAside } from '../shared/platform/events/set-aside.js';
import { createBackupReader } from '../backups/index.js';
import type { Context } from './context.js';

/** Health for everybody, and the state of the whole for operators. */
export function createSystemRoutes({ config, commands, valkey, mongo, documents: store }: Context, all: () => readonly Route[]): Route[] {
  const backupsNow = createBackupReader({ config, mongo });
  const asked = async (question: Promise<unknown>): Promise<unknown> => question.catch(() => ({ ok: false }));
  return [
    route('GET /health', {
      reach: { kind: 'public' },
      handle: async () => ({ ok: true }),
    }),
    route('GET /system/routes', {
      reach: { kind: 'common' },
      handle: async ({ query }) => ({
        routes: all().map(({ method, path, right, reach, summary, ...route }) => ({
          method,
          path,
          right,
          reach: reach.kind === 'object' ? { kind: reach.kind, of: reach.of, param: reach.param } : { kind: reach.kind },
          summary,
          ...(query.schemas === 'yes' ? schemasOf(route) : {}),
        })),
      }),
    }),
    route('GET /openapi.json', {
      reach: { kind: 'common' },
      handle: async () => ({ ...openApiOf(api) }),
    }),
    route('GET /system/status', {
      reach: { kind: 'site' },
      handle: async () => {
        const [telephony, recorder, live, events, documents, backups, processes] = await Promise.all([
          asked(commands.send('telephony.status', {}, { timeoutMs: 1_500 })),
          asked(commands.send('recorder.status', {}, { timeoutMs: 1_500 })),
          asked(valkey.ping().then(() => ({ ok: true }))),
          asked(countSetAside(valkey).then((setAside) => ({ ok: setAside === 0, setAside }))),
          asked(store.isThere() ? Promise.resolve(mongo.db?.admin().ping()).then(() => ({ ok: true })) : Promise.resolve({ ok: false })),
          store.isThere() ? backupsNow().catch(() => ({ ok: false, on: true })) : { ok: false, on: true },
          asked(readFile(join(config.PROOFLINE_HOME, 'run', 'ready.json'), 'utf8').then((text) => JSON.parse(text) as unknown)),
        ]);
        return { at: new Date().toISOString(), telephony, recorder, live, events, documents, backups, processes };
      },
    }),
  ];
}

type Taken = Pick<Route, 'params' | 'query' | 'body' | 'uploadBytes' | 'looksUp'>;

/** The input of a route. Dates and other types without a JSON form accept anything. */
function schemasOf({ params, query, body, uploadBytes, looksUp }: Taken) {
  const shown = (schema: z.ZodType | undefined): Readonly<Record<string, unknown>> =>
    schema === undefined ? {} : z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' });
  return {
    params: shown(params),
    query: shown(query),
    body: shown(body),
    uploadBytes: uploadBytes ?? null,
    looksUpNumber: looksUp !== undefined,
  };
}

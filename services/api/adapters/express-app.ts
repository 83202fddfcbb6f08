import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler, type Response } from 'express';
import expressStaticGzip from 'express-static-gzip';
import helmet from 'helmet';
import type { z } from 'zod';
import { CallCentreError, failureOf, failures } from '../../shared/domain/failure.js';
import { maskNumber, normaliseNumber } from '../../shared/domain/numbers/phone-number.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { orStoreAway } from '../../shared/platform/stores/mongo.js';
import { clientAddress } from '../../shared/platform/network/networks.js';
import type { NumberLookUps } from '../../shared/platform/reach/number-look-ups.js';
import type { ReachesObject } from '../../shared/platform/reach/reach.js';
import { handled, type Audit, type Route } from '../../shared/platform/http/route.js';
import { UploadBudget, uploadOf } from '../../shared/platform/http/upload.js';
import { bearerOf, refuseWithout, whoAsks } from '../authorise.js';
import { unplainTextIn } from '../plain-text.js';
import { refuseByAddress, refuseByContent, watchScope } from '../refuse-reach.js';
import type { WhoIs } from '../ports.js';
import { refuseUndeclared, undeclaredFailure } from './declared-answers.js';
import { answerOf } from './answer.js';

const BODY_LIMIT = '256kb';

export interface ExpressAppDependencies {
  readonly routes: readonly Route[];
  readonly whoIs: WhoIs;
  readonly reaches: ReachesObject;
  readonly audit: Audit;
  readonly lookUps: NumberLookUps;
  readonly log: Logger;
  /** Networks of the proxies in front, whose statement about the client's address is trusted. */
  readonly proxies: readonly string[];
  /** The folder of the built pages. */
  readonly pages: string;
  readonly overTls: boolean;
  /** Compares each answer and each failure with the contract, and fails when they differ. For tests. */
  readonly checksAnswers?: boolean;
}

/** The web origin: the interface under `/api`, and the pages for everything else. */
export function createExpressApp({
  routes,
  whoIs,
  reaches,
  audit,
  lookUps,
  log,
  proxies,
  pages,
  overTls,
  checksAnswers = false,
}: ExpressAppDependencies): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(securityHeaders(overTls));
  app.use((_request, response, next) => {
    response.setHeader('Permissions-Policy', 'microphone=(self), speaker-selection=(self), camera=(), geolocation=()');
    next();
  });

  const budget = new UploadBudget();
  const api = express.Router();
  const json = express.json({ limit: BODY_LIMIT, strict: true });
  api.use((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  for (const declared of [...routes].sort(literalFirst)) {
    const steps: RequestHandler[] = declared.uploadBytes === undefined && declared.method !== 'get' ? [json] : [];
    api[declared.method](declared.path, ...steps, serve(declared));
  }
  api.use(() => {
    throw new CallCentreError('not-found', 'There is nothing at this address.');
  });
  app.use('/api', api);

  if (existsSync(pages)) {
    // The build puts a compressed copy next to each file: nothing is compressed while a shift signs in.
    app.use(expressStaticGzip(pages, { index: false, serveStatic: { maxAge: '1y', immutable: true } }));
    app.get('/{*page}', (_request, response) => response.sendFile(join(pages, 'index.html'), { maxAge: 0, cacheControl: false }));
  }
  app.use(answerFailure(log));
  return app;

  function serve(declared: Route): RequestHandler {
    const { reach } = declared;
    const use = declared.method === 'get' ? 'read' : 'write';
    return async (request, response) => {
      const upload = uploadOf(request, declared.uploadBytes ?? 0, budget);
      const from = clientAddress(request.socket.remoteAddress, request.get('x-forwarded-for'), proxies);
      const principal = await whoAsks(whoIs, bearerOf(request.get('authorization')), declared.right);
      await denied(audit, declared, principal, from, async () => {
        refuseWithout(declared.right, principal);
        await refuseByAddress(reaches, principal, reach, request.params, use);
      });
      if (declared.uploadBytes !== undefined && Number(request.get('content-length') ?? 0) > declared.uploadBytes)
        throw new CallCentreError('too-large', `At most ${declared.uploadBytes} bytes are accepted here.`);
      const params = parse(declared.params, request.params, 'address');
      const query = parse(declared.query, request.query, 'query');
      const body = parse(declared.body, request.body as unknown, 'body');
      const asked = { params: (params ?? {}) as Readonly<Record<string, unknown>>, query, body };
      await denied(audit, declared, principal, from, () => refuseByContent(reaches, principal, reach, asked, use));
      const watched = reach.kind === 'filtered' && principal !== undefined ? watchScope(principal) : undefined;
      try {
        await countLookUp({ lookUps, audit }, declared, principal, from, declared.looksUp?.({ query, body }));
        const result = await declared.handle({
          principal: watched?.principal ?? principal,
          params,
          query,
          body,
          from,
          request: { headers: request.headers, originalUrl: request.originalUrl, get: (name) => request.get(name) },
          response: answerOf(response),
          upload,
        });
        if (watched?.asked() === false) throw new Error(`${declared.method} ${declared.path} answered without checking the scope`);
        if (checksAnswers) refuseUndeclared(declared, result === handled ? undefined : result);
        if (result === handled) return;
        if (result === undefined) response.status(204).end();
        else response.json(result);
      } catch (error) {
        throw checksAnswers ? undeclaredFailure(declared, error) : error;
      } finally {
        upload.release();
      }
    };
  }
}

const securityHeaders = (overTls: boolean): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // The component library writes its styles at run time; scripts come only from us.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'"],
        workerSrc: ["'self'", 'blob:'],
        fontSrc: ["'self'", 'data:'],
        // Documents of an evidence pack, shown in the page as PDF.
        frameSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: overTls ? { maxAge: 31_536_000 } : false,
    referrerPolicy: { policy: 'no-referrer' },
  });

/** A search for a whole number counts as a look-up, and leaves a row for each number. */
async function countLookUp(
  { lookUps, audit }: Pick<ExpressAppDependencies, 'lookUps' | 'audit'>,
  declared: Route,
  principal: Principal | undefined,
  from: string,
  written: string | undefined,
): Promise<void> {
  const number = written === undefined ? undefined : normaliseNumber(written);
  if (number === undefined) return;
  const object = `${declared.method} ${declared.path} ${maskNumber(number)}`;
  const entry = { who: principal?.userId ?? '', what: 'number.searched', object, from } as const;
  const isNew = await lookUps.take(principal, number).catch(async (error: unknown) => {
    await audit({ ...entry, success: false, reason: failureOf(error) });
    throw error;
  });
  if (isNew) await audit({ ...entry, success: true });
}

/** Refusals of the authorisation point are recorded in the audit log. */
async function denied(
  audit: Audit,
  declared: Route,
  principal: Principal | undefined,
  from: string,
  check: () => Promise<void>,
): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (!(error instanceof CallCentreError)) throw error;
    await audit({
      who: principal?.userId ?? 'unknown',
      what: 'access.denied',
      object: `${declared.method} ${declared.path}`,
      from,
      success: false,
      reason: error.code,
    });
    throw error;
  }
}

/** `/complaints/board` is tried before `/complaints/:id`, whatever the order of declaration. */
function literalFirst(a: Route, b: Route): number {
  const shape = ({ path }: Route): string =>
    path
      .split('/')
      .map((segment) => (segment.startsWith(':') ? '1' : '0'))
      .join('');
  return shape(a) < shape(b) ? -1 : shape(a) > shape(b) ? 1 : 0;
}

function parse(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (schema === undefined) return undefined;
  const unplain = unplainTextIn(value);
  if (unplain !== undefined)
    throw new CallCentreError(
      'invalid-request',
      `The ${where} holds control characters, half characters, or characters that turn text around.`,
      {
        details: [{ at: unplain.join('.'), message: 'no plain text' }],
      },
    );
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.slice(0, 20).map(({ path, message }) => ({ at: path.join('.'), message }));
  throw new CallCentreError('invalid-request', `The ${where} is not valid.`, { details });
}

/** Failures become a `Problem`. Any other error is logged and answered without its content. */
function answerFailure(log: Logger): ErrorRequestHandler {
  return (error: unknown, request: Request, response: Response, next) => {
    if (response.headersSent) {
      // The only message that the client can still get is that the answer is incomplete, so the connection is cut.
      log.error({ err: error, method: request.method, route: (request.route as { path?: string } | undefined)?.path }, 'answer cut short');
      next(error);
      return;
    }
    const failure = fromExpress(error) ?? orStoreAway(error);
    const code = failureOf(failure);
    if (code === 'internal')
      log.error({ err: failure, method: request.method, route: (request.route as { path?: string } | undefined)?.path }, 'request failed');
    // Logs the place and not the content, which may be anybody's number.
    if (code === 'invalid-request')
      log.info({ method: request.method, route: (request.route as { path?: string } | undefined)?.path }, 'input refused');
    const message =
      failure instanceof CallCentreError ? failure.message : 'The server failed; nothing was changed half way. The error is in its log.';
    const details = failure instanceof CallCentreError && failure.details !== undefined ? { details: failure.details } : {};
    response.status(failures[code].http).json({ code, message, ...details });
  };
}

/** The errors of Express and its body parser for bad requests. */
function fromExpress(error: unknown): CallCentreError | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  if (error.status === 413) return new CallCentreError('too-large', 'The body is too large.', { cause: error });
  if (error.status === 400) return new CallCentreError('invalid-request', 'The request cannot be read.', { cause: error });
  if (error.status === 404) return new CallCentreError('not-found', 'There is nothing at this address.', { cause: error });
  return undefined;
}

import type { CookieOptions, Request } from 'express';
import type { z } from 'zod';
import type { AuditDeed } from '../domain/audit-deed.js';
import type { Principal, Right } from '../domain/rights.js';
import type { AnyRouteReach, RouteReach } from './route-reach.js';
import type { Upload } from './upload.js';

/** What a handler sees of a request beside its parsed parts. The stream of the body is not among it: `upload` has the bytes. */
export type RequestHead = Pick<Request, 'headers' | 'originalUrl'> & { get(name: string): string | undefined };

/** The answer of a handler that writes it itself: whole, or as a stream to which somebody listens; never chunk by chunk. */
export interface Answer {
  status(code: number): Answer;
  setHeader(name: string, value: string | number): Answer;
  /** Content type by ending or in full. */
  type(type: string): Answer;
  /** A download under this name. */
  attachment(fileName: string): Answer;
  cookie(name: string, value: string, options: CookieOptions): Answer;
  clearCookie(name: string, options: CookieOptions): Answer;
  redirect(address: string): void;
  end(body?: string | Uint8Array): void;
  /** As fast as the client takes it. Resolves when all was sent, or when the client has gone; fails when the source fails. */
  stream(body: AsyncIterable<Uint8Array>): Promise<void>;
}

export interface RouteInput<P, Q, B> {
  /** Undefined only on a `public` route. */
  readonly principal: Principal | undefined;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Address of the client, for the audit. */
  readonly from: string;
  readonly request: RequestHead;
  readonly response: Answer;
  /** Of a route with `uploadBytes`; on any other it is empty. */
  readonly upload: Pick<Upload, 'bytes' | 'file'>;
}

/**
 * One HTTP route, declared by the slice that owns it and mounted by `api/`, which asks the authorisation point, parses params, query and
 * body, and turns failures into `Problem` bodies. What the handler returns is sent as JSON; `undefined` means 204; `handled` means that the
 * handler wrote the response itself (a stream).
 */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Under `/api`, Express 5 syntax: `/calls/:callId`. */
  readonly path: string;
  readonly right: Right;
  /** What of the centre the route touches: a person with a scope is kept to the own part of it. */
  readonly reach: AnyRouteReach;
  /** For the reference page: one sentence. */
  readonly summary: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** A raw upload instead of JSON, up to so many bytes; the handler has it from `upload`. */
  readonly uploadBytes?: number;
  /**
   * The telephone number that the request asks about, as it was written: whether it is found says what a mask hides, so it counts as a look
   * at a whole number before `handle` is called.
   */
  readonly looksUp?: (input: Pick<RouteInput<unknown, unknown, unknown>, 'query' | 'body'>) => string | undefined;
  readonly handle: (input: RouteInput<unknown, unknown, unknown>) => Promise<unknown>;
}

export const handled = Symbol('the handler wrote the response');

/** Declares a route with its types inferred from the schemas. */
export function route<P extends z.ZodType = z.ZodType, Q extends z.ZodType = z.ZodType, B extends z.ZodType = z.ZodType>(declared: {
  readonly method: Route['method'];
  readonly path: string;
  readonly right: Right;
  readonly reach: RouteReach<z.infer<P>, z.infer<Q>, z.infer<B>>;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly uploadBytes?: number;
  readonly looksUp?: (input: Pick<RouteInput<z.infer<P>, z.infer<Q>, z.infer<B>>, 'query' | 'body'>) => string | undefined;
  readonly handle: (input: RouteInput<z.infer<P>, z.infer<Q>, z.infer<B>>) => Promise<unknown>;
}): Route {
  return declared as unknown as Route;
}

/** What every slice writes to the audit trail. Resolves when the row is in the chain: do the act only then (fail closed). */
export type Audit = (entry: AuditEntry) => Promise<void>;

export interface AuditEntry {
  /** A user id, or `system:<part>`. */
  readonly who: string;
  readonly what: AuditDeed;
  readonly object?: string;
  readonly from?: string;
  readonly success: boolean;
  readonly reason?: string;
  /** Digested, never stored as they are. */
  readonly before?: unknown;
  readonly after?: unknown;
}

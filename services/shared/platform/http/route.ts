import type { CookieOptions, Request } from 'express';
import type { z } from 'zod';
import { api, type Api } from '../../contracts/api/api.js';
import type { Endpoint, EndpointKey } from '../../contracts/api/endpoint.js';
import type { AuditDeed } from '../../domain/people/audit-deed.js';
import type { Principal } from '../../domain/people/rights.js';
import type { AnyRouteReach, RouteReach } from './route-reach.js';
import type { Upload } from './upload.js';

/** What a handler sees of a request in addition to its parsed parts. The stream of the body is not included: `upload` has the bytes. */
export type RequestHead = Pick<Request, 'headers' | 'originalUrl'> & { get(name: string): string | undefined };

/** For a handler that writes its answer itself: as a whole, or as a stream that is supervised to its end; never chunk by chunk. */
export interface Answer {
  status(code: number): Answer;
  setHeader(name: string, value: string | number): Answer;
  /** The content type, by file ending or in full. */
  type(type: string): Answer;
  /** Makes the answer a download with this name. */
  attachment(fileName: string): Answer;
  cookie(name: string, value: string, options: CookieOptions): Answer;
  clearCookie(name: string, options: CookieOptions): Answer;
  redirect(address: string): void;
  end(body?: string | Uint8Array): void;
  /** Sends as fast as the client takes it. Resolves when everything was sent, or when the client has gone; fails when the source fails. */
  stream(body: AsyncIterable<Uint8Array>): Promise<void>;
}

export interface RouteInput<P, Q, B, W = Principal | undefined> {
  /** The person who asks. Undefined on a `public` route only. */
  readonly principal: W;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** The address of the client, for the audit log. */
  readonly from: string;
  readonly request: RequestHead;
  readonly response: Answer;
  /** The uploaded file of a route with `uploadBytes`; empty on any other route. */
  readonly upload: Pick<Upload, 'bytes' | 'file'>;
}

/**
 * One HTTP route as `api/` mounts it: the endpoint of the contract, and what its slice does for it. `api/` asks the authorisation point,
 * parses params, query and body, and turns failures into `Problem` bodies. What the handler returns is sent as JSON; `undefined` means 204;
 * `handled` means that the handler wrote the response itself (a file).
 */
export interface Route extends Endpoint {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** The path under `/api`, in Express 5 syntax: `/calls/:callId`. */
  readonly path: string;
  /** The part of the centre that the route touches: a person with a scope is kept to their part of it. */
  readonly reach: AnyRouteReach;
  /**
   * The telephone number that the request asks about, as it was written. Whether it is found reveals what a mask hides, so it counts as a
   * look at a whole number before `handle` is called.
   */
  readonly looksUp?: (input: Pick<RouteInput<unknown, unknown, unknown>, 'query' | 'body'>) => string | undefined;
  readonly handle: (input: RouteInput<unknown, unknown, unknown>) => Promise<unknown>;
}

export const handled = Symbol('the handler wrote the response');

type Parsed<E, N extends string> = E extends Readonly<Record<N, infer S extends z.ZodType>> ? z.output<S> : unknown;

/** The values that become `T` when sent as JSON: for a text also a date, for a list also a readonly one. */
export type Sent<T> = unknown extends T
  ? unknown
  : T extends string
    ? string extends T
      ? string | Date
      : T
    : T extends number | boolean | null | undefined
      ? T
      : { readonly [K in keyof T]: Sent<T[K]> };

/** What a handler returns for an answer of the contract. */
export type Given<A> = A extends z.ZodType
  ? Sent<z.input<A>>
  : A extends { readonly kind: 'file'; readonly json: infer S extends z.ZodType }
    ? Sent<z.input<S>> | typeof handled
    : typeof handled;

/** Only an endpoint without an answer has a handler that returns nothing. */
type Answering<A> = A extends { readonly kind: 'nothing' } ? Promise<void> : Promise<Given<A>>;

type InputOf<E extends Endpoint> = RouteInput<
  Parsed<E, 'params'>,
  Parsed<E, 'query'>,
  Parsed<E, 'body'>,
  E['right'] extends 'public' ? undefined : Principal
>;

/** What a slice does for an endpoint. */
export interface Served<E extends Endpoint> {
  readonly reach: RouteReach<Parsed<E, 'params'>, Parsed<E, 'query'>, Parsed<E, 'body'>>;
  readonly looksUp?: (input: Pick<InputOf<E>, 'query' | 'body'>) => string | undefined;
  readonly handle: (input: InputOf<E>) => Answering<E['answer']>;
}

/** The route of an endpoint of the contract, with the input and the answer of the contract. */
export const route = <K extends keyof Api & EndpointKey>(key: K, served: Served<Api[K]>): Route => routeOf(key, api[key], served);

/** The same for an endpoint whose type only the caller knows. */
export function routeOf<E extends Endpoint>(key: EndpointKey, endpoint: E, served: Served<E>): Route {
  const [method = '', path = ''] = key.split(' ');
  // From here on the types of the individual route are erased: the table holds every route.
  return { ...endpoint, ...served, method: method.toLowerCase(), path } as unknown as Route;
}

/** Writes a row to the audit log. Resolves when the row is in the chain: carry out the action only then (fail closed). */
export type Audit = (entry: AuditEntry) => Promise<void>;

export interface AuditEntry {
  /** A user id, or `system:<part>`. */
  readonly who: string;
  readonly what: AuditDeed;
  readonly object?: string;
  readonly from?: string;
  readonly success: boolean;
  readonly reason?: string;
  /** Only their digests are stored. */
  readonly before?: unknown;
  readonly after?: unknown;
  /**
   * For an event that may come twice: no second row is written that equals the first in all fields above. `after` contains what
   * distinguishes two events, for example their time. The caller awaits one event before it writes the next one of the same object.
   */
  readonly once?: true;
}

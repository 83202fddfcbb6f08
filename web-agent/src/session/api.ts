import type { z } from 'zod';
import type { Api } from '../../../services/shared/contracts/api/api.js';

/** `GET /calls/:callId`: every route of the contract. Types alone: nothing of the contract is in the bundle. */
export type RouteKey = keyof Api;
export type ReadKey = Extract<RouteKey, `GET ${string}`>;
export type WriteKey = Exclude<RouteKey, ReadKey>;
export type ReadPath = ReadKey extends `GET ${infer P}` ? P : never;

type Declared<K extends RouteKey, N extends string> = Api[K] extends Readonly<Record<N, infer S extends z.ZodType>> ? S : undefined;
/** A value that is converted on input (`z.coerce`) may be given as its result or as text. */
type Coerced<I, O> = { readonly [F in keyof I]: unknown extends I[F] ? (F extends keyof O ? O[F] | string : I[F]) : Unchanged<I[F]> };
/** Nothing that is sent is changed, so readonly lists will do. */
type Unchanged<T> = unknown extends T ? T : T extends string ? T : T extends object ? { readonly [F in keyof T]: Unchanged<T[F]> } : T;
type Taken<S> = S extends z.ZodType ? Coerced<z.input<S>, z.output<S>> : never;

/** Whether all of its fields are optional. */
type MayBeLeftOut<T> = Partial<T> extends T ? true : false;

type ParamsOf<K extends RouteKey> = Declared<K, 'params'> extends infer S extends z.ZodType ? { readonly params: Taken<S> } : unknown;
type QueryOf<K extends RouteKey> =
  Declared<K, 'query'> extends infer S extends z.ZodType
    ? // Filters that stand in the page's own address are handed on as they are.
      MayBeLeftOut<Taken<S>> extends true
      ? { readonly query?: Taken<S> | URLSearchParams }
      : { readonly query: Taken<S> | URLSearchParams }
    : unknown;
type BodyOf<K extends RouteKey> = Declared<K, 'body'> extends infer S extends z.ZodType ? { readonly body: Taken<S> } : unknown;
type UploadOf<K extends RouteKey> = Api[K] extends { readonly uploadBytes: number } ? { readonly file: Blob } : unknown;

/** The parts of a request to a route. */
export type AskedOf<K extends RouteKey> = ParamsOf<K> & QueryOf<K> & BodyOf<K> & UploadOf<K>;
/** A route's answer as JSON; undefined when it answers nothing. */
export type AnswerOf<K extends RouteKey> = Api[K]['answer'] extends infer A
  ? A extends z.ZodType
    ? z.output<A>
    : A extends { readonly json: infer S extends z.ZodType }
      ? z.output<S>
      : undefined
  : never;
/** May be left out when every part is optional. */
export type Given<T> = MayBeLeftOut<T> extends true ? [asked?: T] : [asked: T];

/** Requests under `/api` by the routes of the contract; each throws `ApiProblem` when it is refused. */
export interface ApiClient {
  get<P extends ReadPath>(path: P, ...asked: Given<AskedOf<`GET ${P}`>>): Promise<AnswerOf<`GET ${P}`>>;
  /** `isNew`: the request creates something, and never replaces what already exists under its address. */
  send<K extends WriteKey>(route: K, asked: AskedOf<K> & { readonly isNew?: boolean | undefined }): Promise<AnswerOf<K>>;
  /** Audio and documents, which cannot be fetched by the address alone. */
  file<P extends ReadPath>(path: P, ...asked: Given<AskedOf<`GET ${P}`>>): Promise<Blob>;
}

interface Asked {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>> | URLSearchParams;
  readonly body?: unknown;
  readonly file?: Blob;
  readonly isNew?: boolean | undefined;
}

const textOf = (value: unknown): string => (value instanceof Date ? value.toISOString() : String(value));

/** The address of a route under `/api`: `/calls/c1?limit=50`. Undefined query values are left out. */
export function addressOf(path: string, { params = {}, query = {} }: Pick<Asked, 'params' | 'query'> = {}): string {
  const filled = path.replace(/:(\w+)/g, (_whole, name: string) => encodeURIComponent(textOf(params[name])));
  const search =
    query instanceof URLSearchParams
      ? query
      : new URLSearchParams(Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, textOf(value)]])));
  const text = search.toString();
  return text === '' ? filled : `${filled}?${text}`;
}

/** Sends a request with the token of the session. */
export type Authorised = (method: string, path: string, init: RequestInit) => Promise<Response>;

export function createApiClient(authorised: Authorised): ApiClient {
  async function answer(method: string, path: string, asked: Asked = {}): Promise<unknown> {
    const response = await authorised(method, addressOf(path, asked), initOf(asked));
    return response.status === 204 ? undefined : response.json();
  }
  // The server is tested against the contract, so an answer has the type that the contract gives.
  return {
    get: (path, ...[asked]) => answer('GET', path, asked as Asked | undefined) as Promise<never>,
    send(route, asked) {
      const [method = '', path = ''] = route.split(' ');
      return answer(method, path, asked) as Promise<never>;
    },
    file: async (path, ...[asked]) => (await authorised('GET', addressOf(path, asked as Asked | undefined), {})).blob(),
  };
}

/** A body as JSON, or a file as it is. A request for something new never replaces what already exists. */
function initOf({ body, file, isNew }: Asked): RequestInit {
  if (file !== undefined) return { body: file, headers: { 'Content-Type': file.type || 'application/octet-stream' } };
  if (body === undefined) return {};
  return {
    headers: { 'Content-Type': 'application/json', ...(isNew === true ? { 'If-None-Match': '*' } : {}) },
    body: JSON.stringify(body),
  };
}

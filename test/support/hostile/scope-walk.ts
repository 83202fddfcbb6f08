import type { ObjectKind } from '../../../services/shared/domain/people/named-object.js';
import { rights, type Right, type Role } from '../../../services/shared/domain/people/rights.js';
import { addressOf, sampleOf, type WalkedRoute } from './route-walk.js';
import type { Stack } from '../stack.js';

export interface Walker {
  readonly name: string;
  readonly role: Role;
  /** The kind of scope; `whole` without one. */
  readonly by: string;
  readonly token: string;
  /** Whether the account has a scope; the objects of `foreign` are then out of its reach. */
  readonly scoped: boolean;
}

/** Ids of objects that exist, but only within reach of people without a scope. */
export type ForeignObjects = Readonly<Partial<Record<ObjectKind, string>>>;

export interface Walked {
  /** Requests sent. */
  readonly asked: number;
  /** Routes of the table, as `method path`. */
  readonly routes: readonly string[];
  /** The routes that somebody signed in has requested. */
  readonly askedSignedIn: readonly string[];
  readonly faults: readonly string[];
}

type Asking = Pick<Stack, 'http'>;
interface Answered {
  readonly status: number;
  readonly code: string;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
/** How many requests are under way at the same time: they share two cores with the product. */
const AT_ONCE = 6;

const holds = (role: Role, right: string): boolean =>
  right === 'self.use' || right === 'public' || (rights[right as Right] as readonly Role[]).includes(role);

/** Reads change nothing, and a body that breaks the schema is refused before anything is done: such requests may be sent as anybody. */
const changesNothing = ({ method, body }: WalkedRoute): boolean => method === 'get' || Object.keys(body).length > 0;

/** A route that accepts an empty body must not be tried as somebody who may use it. */
const takesAnything = (body: WalkedRoute['body']): boolean => (body.required ?? []).length === 0 && body.anyOf === undefined;

async function ask(
  stack: Asking,
  { method, uploadBytes }: WalkedRoute,
  address: string,
  token?: string,
  body: object = {},
): Promise<Answered> {
  const answer = await stack.http(method.toUpperCase(), address, {
    ...(token === undefined ? {} : { token }),
    ...(method === 'get' || uploadBytes !== null ? {} : { body }),
  });
  const found = (typeof answer.body === 'object' && answer.body !== null ? answer.body : {}) as { readonly code?: string };
  return { status: answer.status, code: found.code ?? '' };
}

/** What a route has to answer to this person; undefined where the handler decides. */
function dueTo({ role, scoped }: Walker, { right, reach }: WalkedRoute, isForeign: boolean): string | undefined {
  if (!holds(role, right)) return '403 not-allowed';
  if (!scoped) return undefined;
  if (reach.kind === 'site') return '403 outside-scope';
  return isForeign ? '404 not-found' : undefined;
}

/** A valid body that names somebody else's objects wherever a field can. */
const foreignBody = (schema: WalkedRoute['body'], foreign: ForeignObjects): object => {
  const names: Readonly<Record<string, string | undefined>> = {
    callId: foreign.call,
    complaintId: foreign.complaint,
    customerId: foreign.customer,
    otherId: foreign.customer,
    agentId: foreign.agent,
    queueId: foreign.queue,
    number: foreign.number,
    clientUnit: foreign['client-unit'],
    userId: foreign.person,
  };
  const text = JSON.stringify(sampleOf(schema) ?? {});
  const named = JSON.parse(text, (key, value: unknown) => names[key] ?? value) as unknown;
  return named !== null && typeof named === 'object' ? named : {};
};

/**
 * Sends every route of the table as every walker, as nobody, and by every method that the table does not have for its address. Returns the
 * answers that differ from what the route declares: without a sign-in 401; without the right 403; for a route of the whole site 403
 * `outside-scope` to whoever has a scope, never to the others; for a foreign object 404 to whoever has a scope. Where the reach lies in the
 * body, a body that names a foreign object is never accepted from whoever has a scope. Bodies are empty otherwise: what is out of reach is
 * refused before the body is read.
 */
export async function walkReach(
  stack: Asking,
  routes: readonly WalkedRoute[],
  walkers: readonly Walker[],
  foreign: ForeignObjects,
): Promise<Walked> {
  let asked = 0;
  const faults: string[] = [];
  const askedSignedIn = new Set<string>();

  async function walk(route: WalkedRoute, walker: Walker): Promise<void> {
    const { method, path, reach, body } = route;
    const id = reach.of === undefined ? undefined : foreign[reach.of];
    const address = addressOf(path, (name) => (name === reach.param && id !== undefined ? id : 'x'));
    const due = dueTo(walker, route, id !== undefined);
    if (due === undefined && (!changesNothing(route) || (method !== 'get' && takesAnything(body)))) return;
    const sent = due === undefined && walker.scoped && reach.kind === 'objects' ? foreignBody(body, foreign) : {};
    const inBody = Object.values(foreign).some((each) => JSON.stringify(sent).includes(`"${each}"`));
    const { status, code } = await ask(stack, route, address, walker.token, sent);
    asked += 1;
    askedSignedIn.add(`${method} ${path}`);
    const good =
      due !== undefined
        ? `${status} ${code}` === due
        : status < 500 && status !== 401 && (walker.scoped || code !== 'outside-scope') && !(inBody && status < 300);
    if (!good) faults.push(`${walker.name}: ${method} ${path} was answered ${status} ${code}, not ${due ?? 'by the handler'}`);
  }

  async function asNobody(route: WalkedRoute): Promise<void> {
    const { status } = await ask(
      stack,
      route,
      addressOf(route.path, () => 'x'),
    );
    asked += 1;
    const good = route.right === 'public' ? status < 500 : status === 401;
    if (!good) faults.push(`nobody: ${route.method} ${route.path} was answered ${status}`);
  }

  async function byMethod(route: WalkedRoute, method: string): Promise<void> {
    const { status } = await ask(
      stack,
      { ...route, method, uploadBytes: null },
      addressOf(route.path, () => 'x'),
      walkers.find(({ role, scoped }) => role === 'admin' && !scoped)?.token,
    );
    asked += 1;
    if (status !== 404 && status !== 405) faults.push(`${method} ${route.path}, which no table has, was answered ${status}`);
  }

  const declared = new Set(routes.map(({ method, path }) => `${method} ${path}`));
  const others = [...new Map(routes.map((each) => [each.path, each])).values()].flatMap((route) =>
    METHODS.filter((each) => !declared.has(`${each} ${route.path}`) && !isOtherwiseDeclared(routes, each, route.path)).map(
      (method) => () => byMethod(route, method),
    ),
  );
  await someAtOnce([
    ...routes.map((route) => () => asNobody(route)),
    ...routes.filter(({ right }) => right !== 'public').flatMap((route) => walkers.map((walker) => () => walk(route, walker))),
    ...others,
  ]);
  return { asked, routes: [...declared], askedSignedIn: [...askedSignedIn], faults };
}

/** A slow answer holds up no other request. */
async function someAtOnce(requests: readonly (() => Promise<void>)[]): Promise<void> {
  const left = requests.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const request of left) await request();
    }),
  );
}

/** Another route that matches an address of this one: `/users/:id` takes what is sent to `/users/x`. */
function isOtherwiseDeclared(routes: readonly WalkedRoute[], method: string, path: string): boolean {
  const parts = path.split('/').map((part) => (part.startsWith(':') ? 'x' : part));
  return routes.some((other) => {
    const pattern = other.path.split('/');
    return (
      other.method === method && pattern.length === parts.length && pattern.every((part, i) => part.startsWith(':') || part === parts[i])
    );
  });
}

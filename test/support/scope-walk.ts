import type { ObjectKind } from '../../services/shared/domain/named-object.js';
import { rights, type Right, type Role } from '../../services/shared/domain/rights.js';
import { addressOf, type WalkedRoute } from './route-walk.js';
import type { Stack } from './stack.js';

export interface Walker {
  readonly name: string;
  readonly role: Role;
  readonly token: string;
  /** Whether the account has a scope; the objects of `foreign` are then out of its reach. */
  readonly scoped: boolean;
}

/** Ids of objects that are there, in nobody's reach but of people without a scope. */
export type ForeignObjects = Readonly<Partial<Record<ObjectKind, string>>>;

const holds = (role: Role, right: string): boolean =>
  right === 'self.use' || right === 'public' || (rights[right as Right] as readonly Role[]).includes(role);

/** Reads change nothing, and a body that does not fit the schema is refused before anything is done: these may be sent as anybody. */
const changesNothing = ({ method, body }: WalkedRoute): boolean => method === 'get' || Object.keys(body).length > 0;

/**
 * Sends every route of the table as every walker and answers what was not as the route declares:
 * without the right 403; of the whole site 403 `outside-scope` to whoever has a scope, never to the others; a foreign object 404 to whoever
 * has a scope. Bodies are empty on purpose: what is out of reach is refused before the body is looked at.
 */
export async function walkReach(
  stack: Pick<Stack, 'http'>,
  routes: readonly WalkedRoute[],
  walkers: readonly Walker[],
  foreign: ForeignObjects,
): Promise<{ readonly asked: number; readonly faults: string[] }> {
  let asked = 0;
  const faults: string[] = [];
  for (const route of routes) {
    const { method, path, right, reach, uploadBytes } = route;
    if (right === 'public' || path.startsWith('/session')) continue;
    const id = reach.of === undefined ? undefined : foreign[reach.of];
    const address = addressOf(path, (name) => (name === reach.param && id !== undefined ? id : 'x'));
    for (const { name, role, token, scoped } of walkers) {
      const allowed = holds(role, right);
      const refused = !allowed || (scoped && (reach.kind === 'site' || id !== undefined));
      if (!refused && !changesNothing(route)) continue;
      const { status, body } = await stack.http(method.toUpperCase(), address, {
        token,
        ...(method === 'get' || uploadBytes !== null ? {} : { body: {} }),
      });
      asked += 1;
      const { code } = (typeof body === 'object' && body !== null ? body : {}) as { readonly code?: string };
      const wanted = !allowed
        ? '403 not-allowed'
        : !scoped
          ? ''
          : reach.kind === 'site'
            ? '403 outside-scope'
            : id === undefined
              ? ''
              : '404 not-found';
      const answered = `${status} ${code ?? ''}`;
      const good = wanted === '' ? status < 500 && status !== 401 && code !== 'outside-scope' : answered === wanted;
      if (!good) faults.push(`${name}: ${method} ${path} was answered ${answered}, not ${wanted === '' ? 'by the handler' : wanted}`);
    }
  }
  return { asked, faults };
}

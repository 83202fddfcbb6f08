import { Doc } from '../bson/document.js';

/** How each command that names a collection is counted, by the kinds of MongoDB's `top`; all others are `commands`. */
const KINDS: Readonly<Record<string, string>> = {
  find: 'queries',
  getMore: 'getmore',
  insert: 'insert',
  update: 'update',
  findAndModify: 'update',
  findandmodify: 'update',
  delete: 'remove',
};

/** Clients choose the names, so no more than this many are remembered. */
const MOST_NAMESPACES = 1_000;

/** How often each collection was read and changed since the store started, as the command `top` answers. */
export class Usage {
  readonly #byNamespace = new Map<string, Map<string, number>>();

  count({ name, database, command }: { readonly name: string; readonly database: string; readonly command: Doc }): void {
    for (const collection of collectionsOf(name, command)) {
      const namespace = collection.includes('.') ? collection : `${database}.${collection}`;
      const known = this.#byNamespace.get(namespace);
      if (known === undefined && this.#byNamespace.size >= MOST_NAMESPACES) continue;
      const kinds = known ?? new Map<string, number>();
      const kind = KINDS[name] ?? 'commands';
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      this.#byNamespace.set(namespace, kinds);
    }
  }

  /** The store measures no times, so each kind has only its count. */
  get totals(): Doc {
    return Doc.of(
      Object.fromEntries(
        [...this.#byNamespace].map(([namespace, kinds]) => [
          namespace,
          Doc.of(Object.fromEntries([...kinds].map(([kind, count]) => [kind, Doc.of({ count })]))),
        ]),
      ),
    );
  }
}

function collectionsOf(name: string, command: Doc): readonly string[] {
  if (name === 'bulkWrite') {
    const namespaces = command.get('nsInfo');
    return Array.isArray(namespaces) ? namespaces.flatMap((each) => (each instanceof Doc ? textOf(each.get('ns')) : [])) : [];
  }
  return textOf(name === 'getMore' ? command.get('collection') : command.get(name));
}

const textOf = (value: unknown): readonly string[] => (typeof value === 'string' ? [value] : []);

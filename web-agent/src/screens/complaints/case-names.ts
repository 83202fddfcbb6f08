import { useRead } from '../../session/use-server.js';

/** Names for the ids in cases: colleagues, signed in or not, and client units. An id without a name is shown as it is. */
export function useCaseNames(): {
  readonly personOf: (id: string) => string;
  readonly unitOf: (id: string) => string;
  /** The people whom a case can be given to. */
  readonly colleagues: readonly { readonly userId: string; readonly name: string }[];
} {
  const { data } = useRead('/complaints/names');
  const people = new Map((data?.people ?? []).map(({ userId, name }) => [userId, name]));
  return {
    personOf: (id) => people.get(id) ?? id,
    unitOf: (id) => data?.clientUnits[id] ?? id,
    colleagues: (data?.people ?? []).filter(({ works }) => works),
  };
}

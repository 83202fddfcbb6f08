import { useRead } from '../../session/use-server.js';

/** Names for the ids that cases hold: colleagues, whether signed in or not, and client units. What has no name is shown as it is. */
export function useCaseNames(): {
  readonly personOf: (id: string) => string;
  readonly unitOf: (id: string) => string;
  /** Whom a case can be handed to. */
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

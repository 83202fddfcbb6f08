import { withinScope, type Principal } from '../domain/rights.js';

/** Which calls a person may see, as the scope of the account works out today. */
export interface Reach {
  readonly queues: readonly string[];
  /** The service numbers of the client units of the scope; undefined when client units do not restrict. */
  readonly numbers: readonly string[] | undefined;
}

/** Works out the reach of the person behind a request; nobody reaches nothing. */
export type ReachOf = (principal: Principal | undefined) => Promise<Reach>;

/** Of figures that are of everything. */
export const WHOLE_CENTRE: Reach = { queues: [], numbers: undefined };

export const NOTHING: Reach = { queues: [], numbers: [] };

/** Whether a call lies within the reach: in one of the queues, and on a number of one of the client units. */
export const withinReach = (
  { queues, numbers }: Reach,
  call: { readonly queueId?: string | undefined; readonly called?: string | undefined },
): boolean => withinScope(queues, call.queueId) && (numbers === undefined || (call.called !== undefined && numbers.includes(call.called)));

/** Client units are given to service numbers; `numbersOf` reads them where they are kept. */
export const createReach =
  (numbersOf: () => Promise<readonly { readonly number: string; readonly clientUnit?: string | undefined }[]>): ReachOf =>
  async (principal) => {
    if (principal === undefined) return NOTHING;
    const { queues, clientUnits } = principal.scope;
    if (clientUnits.length === 0) return { queues, numbers: undefined };
    const numbers = await numbersOf();
    return {
      queues,
      numbers: numbers.flatMap(({ number, clientUnit }) => (clientUnit !== undefined && clientUnits.includes(clientUnit) ? [number] : [])),
    };
  };

/** Whether a scope restricts anything at all. */
export const isScoped = ({ scope }: Principal): boolean =>
  scope.queues.length > 0 || scope.clientUnits.length > 0 || scope.sites.length > 0;

/** Kinds of objects with a place in the centre: whoever has a scope reaches those of the own part alone. */
export type ObjectKind = 'call' | 'complaint' | 'agent' | 'queue';

/** Whether a person of a scope reaches an object; false for what is not there. The composition root asks the slice that owns the kind. */
export type ReachesObject = Readonly<Record<ObjectKind, (principal: Principal, id: string) => Promise<boolean>>>;

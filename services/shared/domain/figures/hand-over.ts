/** A line of a call's history, as far as transfers are concerned. */
interface Mark {
  readonly what: string;
  readonly atMs: number;
  readonly detail?: string | undefined;
  readonly agentId?: string | undefined;
}
interface Part {
  readonly agentId: string;
  readonly fromMs: number;
  readonly handling?: number | undefined;
}

/** A transfer by an agent, not by a flow step, and not a supervisor's take-over. */
export const isHandOver = ({ what, detail, agentId }: Mark): boolean =>
  what === 'transferred' && agentId !== undefined && detail !== 'take-over';

/** The handlings of a call that ended by a transfer: of each, the agent's last one that had begun by then. */
export function handlingsSentOn({
  segments,
  history = [],
}: {
  readonly segments: readonly Part[];
  readonly history?: readonly Mark[] | undefined;
}): Set<number> {
  const found = new Set<number>();
  for (const mark of history) {
    if (!isHandOver(mark)) continue;
    const last = segments.findLast(
      ({ agentId, handling, fromMs }) => handling !== undefined && agentId === mark.agentId && fromMs <= mark.atMs,
    );
    if (last?.handling !== undefined) found.add(last.handling);
  }
  return found;
}

/** The first parts of the handlings of a call that ended by a transfer, each with the number of its handling. */
export function sentOnIn<P extends Part>(call: { readonly segments: readonly P[]; readonly history?: readonly Mark[] | undefined }) {
  return [...handlingsSentOn(call)].flatMap((place) => {
    const first = call.segments.find(({ handling }) => handling === place);
    return first === undefined ? [] : [{ place, first }];
  });
}

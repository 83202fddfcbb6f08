import type { StoredCall } from '../../shared/records/call.js';

type Mark = StoredCall['history'][number];

/** A transfer by an agent, not by a flow step, and not a supervisor's take-over. */
export const isHandOver = ({ what, detail, agentId }: Mark): boolean =>
  what === 'transferred' && agentId !== undefined && detail !== 'take-over';

/** The handlings of a call that ended by a transfer: of each, the agent's last one that had begun by then. */
export function handlingsSentOn({
  segments,
  history = [],
}: Pick<StoredCall, 'segments'> & Partial<Pick<StoredCall, 'history'>>): Set<number> {
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

import type { Briefing } from '../../../../services/shared/contracts/workspace.js';
import { useRead } from '../../session/use-server.js';
import { useBriefing } from './call/briefing.js';

/** One earlier contact of a caller: the outcome of the call, and what was written about it. */
export interface EarlierContact {
  readonly callId: string;
  readonly at: string;
  readonly cause?: string;
  readonly disposition: readonly string[];
  readonly notes: string;
}

/**
 * What to say when no earlier contact is known: of a call out never that it is the person's first call, and nothing of a person whose
 * number is withheld or whose calls have not been read. `history`: how reading the calls stands.
 */
export function noContactBefore(
  { withheld, callOut }: Pick<Briefing, 'withheld' | 'callOut'>,
  history: 'pending' | 'error' | 'success',
): 'never' | 'none-before-call-out' | 'withheld' | 'unread' | 'reading' {
  if (withheld) return 'withheld';
  if (history === 'pending') return 'reading';
  if (history === 'error') return 'unread';
  return callOut === undefined ? 'never' : 'none-before-call-out';
}

/** Earlier calls of the caller with what was written about them, newest first, including unanswered ones. */
export function useContacts(callId: string): EarlierContact[] {
  const calls = useRead('/calls/:callId/history', { params: { callId } });
  const briefing = useBriefing(callId);
  const written = briefing.data?.earlier ?? [];
  const known = calls.data?.calls ?? [];
  const ofCalls = known.map(({ callId: id, arrivedAt, ...call }) => {
    const entries = written.filter((entry) => entry.callId === id);
    return {
      callId: id,
      at: arrivedAt,
      disposition: entries.find(({ disposition }) => disposition.length > 0)?.disposition ?? [],
      notes: entries.flatMap(({ notes }) => (notes === '' ? [] : [notes])).join(' / '),
      ...call,
    };
  });
  const ids = new Set(known.map((call) => call.callId));
  // Calls whose record is not written yet, or is older than the list goes back.
  const others = written
    .filter((entry) => !ids.has(entry.callId))
    .map(({ callId: id, at, disposition, notes }) => ({ callId: id, at, disposition, notes }));
  return [...ofCalls, ...others].sort((a, b) => b.at.localeCompare(a.at));
}

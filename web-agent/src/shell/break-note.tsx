import type { ReactNode } from 'react';
import type { AgentSnapshot } from '../../../services/shared/contracts/calls/commands.js';
import { BreakNote } from '../components/names/break-reason.js';
import { usePageWords } from '../components/use-page-words.js';

/** The break of the person at this seat: its reason, and until when. */
export default function MyBreak({
  agent: { reason, until },
  clockOffsetMs,
}: {
  readonly agent: Pick<AgentSnapshot, 'reason' | 'until'>;
  readonly clockOffsetMs: number;
}): ReactNode {
  const hasWords = usePageWords();
  return hasWords ? <BreakNote reason={reason} until={until} clockOffsetMs={clockOffsetMs} testId="my-break" /> : null;
}

import type { AnswerOf } from '../../session/api.js';
import type { ReplayDifference, ReplayFigures, ReplayOutcome } from '../../../../services/shared/contracts/api/calls/routing.js';
export type { ReplayDifference, ReplayFigures };

export type ReplayedWait = ReplayOutcome;

export const replays = ['really', 'asIs', 'changed'] as const;
export type Which = (typeof replays)[number];

/** The server's answer to a replay; times in milliseconds. */
export type ReplayAnswer = AnswerOf<'POST /routing/replay'>;

export interface FigureRow {
  readonly key: string;
  readonly queueId: string;
  readonly which: Which;
  /** Of its queue. */
  readonly first: boolean;
  readonly figures: ReplayFigures;
}

/** The figures of each queue below each other: what happened, today's rules, the changed ones. A queue that nobody came to has none. */
export function besides(answer: Pick<ReplayAnswer, Which>): FigureRow[] {
  const queueIds = [...new Set(replays.flatMap((which) => answer[which].map(({ queueId }) => queueId)))].sort();
  return queueIds.flatMap((queueId) => {
    const rows = replays.flatMap((which) => {
      const figures = answer[which].find((each) => each.queueId === queueId);
      return figures === undefined ? [] : [{ which, figures }];
    });
    return rows.map(({ which, figures }, place) => ({ key: `${queueId} ${which}`, queueId, which, first: place === 0, figures }));
  });
}

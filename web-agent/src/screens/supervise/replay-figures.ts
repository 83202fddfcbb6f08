export interface ReplayFigures {
  readonly queueId: string;
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly overflowed: number;
  readonly serviceLevelPercent: number | null;
  readonly meanWaitMs: number;
  readonly longestWaitMs: number;
}

export interface ReplayedWait {
  readonly outcome: 'answered' | 'abandoned' | 'overflowed' | 'refused' | 'left-waiting';
  readonly waitedMs: number;
  readonly agentId?: string;
}

export interface ReplayDifference {
  readonly callId: string;
  readonly really?: ReplayedWait;
  readonly asIs?: ReplayedWait;
  readonly changed?: ReplayedWait;
}

export const replays = ['really', 'asIs', 'changed'] as const;
export type Which = (typeof replays)[number];

/** What the server answers to a replay; times in milliseconds. */
export type ReplayAnswer = Readonly<Record<Which, readonly ReplayFigures[]>> & {
  readonly calls: number;
  readonly agents: number;
  readonly differences: readonly ReplayDifference[];
};

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

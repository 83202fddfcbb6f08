import type { ReactNode } from 'react';

/** One figure in a row of the board, legible across a room. */
export function Figure({
  label,
  value,
  bad = false,
  testId,
}: {
  readonly label: string;
  readonly value: string;
  readonly bad?: boolean;
  readonly testId?: string;
}): ReactNode {
  return (
    <div className="wall-figure">
      <span className={`big-figure figures ${bad ? 'bad' : ''}`} data-testid={testId}>
        {value}
      </span>
      <span className="soft">{label}</span>
    </div>
  );
}

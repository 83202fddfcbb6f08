import type { ReactNode } from 'react';

/** One figure in a row of the board, legible across a room. */
export function Figure({
  label,
  value,
  bad = false,
  testId,
  onOpen,
}: {
  readonly label: string;
  readonly value: string;
  readonly bad?: boolean;
  readonly testId?: string;
  /** Opens the rows behind the figure. */
  readonly onOpen?: () => void;
}): ReactNode {
  const inside = (
    <>
      <span className={`big-figure figures ${bad ? 'bad' : ''}`} data-testid={testId}>
        {value}
      </span>
      <span className="soft">{label}</span>
    </>
  );
  if (onOpen === undefined) return <div className="wall-figure">{inside}</div>;
  return (
    <button type="button" className="wall-figure figure-button" onClick={onOpen} aria-haspopup="dialog">
      {inside}
    </button>
  );
}

import { useEffect, useRef, type ReactNode } from 'react';
import { useDesk } from '../../session/use-workplace.js';

/** A bar that shows the level of the stream. Drawn outside React, because it moves thirty times a second. */
export function LevelMeter({
  stream,
  label,
  onLevel,
}: {
  readonly stream: MediaStream;
  readonly label: string;
  readonly onLevel?: (level: number) => void;
}): ReactNode {
  const bar = useRef<HTMLDivElement>(null);
  const told = useRef(onLevel);
  told.current = onLevel;
  const desk = useDesk()?.desk;
  useEffect(
    () =>
      desk?.meter(stream, (level) => {
        if (bar.current !== null) bar.current.style.transform = `scaleX(${level.toFixed(3)})`;
        told.current?.(level);
      }),
    [desk, stream],
  );
  return (
    <div className="meter" role="img" aria-label={label} data-testid="level-meter">
      <div ref={bar} />
    </div>
  );
}

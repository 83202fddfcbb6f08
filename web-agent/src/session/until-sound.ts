import type { Session } from './session.js';
import type { Workplace } from './workplace.js';

/** A page that does not get its media back by then is shown anyway, and says so. */
const AT_MOST_MS = 700;

/** Resolves once a page that had a seat before it was loaded has its media again, or will not get it soon; at once for every other page. */
export async function untilSound(session: Session, workplace: Workplace): Promise<void> {
  if (!workplace.comesBack) return;
  const stops: (() => void)[] = [];
  await new Promise<void>((resolve) => {
    const look = (): void => {
      const line = workplace.getSnapshot().seat?.getSnapshot().line;
      if (line === 'up' || line === 'lost' || session.getSnapshot().kind === 'signed-out') resolve();
    };
    const timer = setTimeout(resolve, AT_MOST_MS);
    let watched = false;
    const opened = workplace.subscribe(() => {
      const { seat } = workplace.getSnapshot();
      if (seat === null || watched) return;
      watched = true;
      stops.push(seat.subscribe(look));
    });
    stops.push(() => clearTimeout(timer), opened, session.subscribe(look));
  });
  for (const stop of stops) stop();
}

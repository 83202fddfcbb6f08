import type { Session } from './session.js';

const LOOK_EVERY_MS = 15_000;
const WRITE_EVERY_MS = 5_000;
/** When the person last moved, in any tab. */
const MOVED = 'proofline.moved-at';

/** Whether somebody who last moved at `movedAtMs` has been away for too long. */
export const isIdle = (movedAtMs: number, nowMs: number, idleMs: number): boolean => nowMs - movedAtMs >= idleMs;

/** Signs out when the person has not moved for as long as the role allows: requests that a page makes by itself are no sign of a person. */
export function watchIdle(session: Session, page: Window = window): void {
  let movedAtMs = Date.now();
  let writtenAtMs = 0;
  const moved = (): void => {
    movedAtMs = Date.now();
    if (movedAtMs - writtenAtMs < WRITE_EVERY_MS) return;
    writtenAtMs = movedAtMs;
    page.localStorage.setItem(MOVED, String(movedAtMs));
  };
  for (const kind of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'])
    page.addEventListener(kind, moved, { passive: true, capture: true });
  session.subscribe(() => {
    if (session.getSnapshot().kind === 'signed-in' && writtenAtMs === 0) moved();
  });
  page.setInterval(() => {
    const state = session.getSnapshot();
    if (state.kind !== 'signed-in') return;
    const last = Math.max(movedAtMs, Number(page.localStorage.getItem(MOVED) ?? 0));
    if (isIdle(last, Date.now(), state.profile.idleMs)) void session.signOut({ expired: true });
  }, LOOK_EVERY_MS);
}

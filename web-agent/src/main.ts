import { startLanguages } from './i18n/language.js';
import { openSipSeatLine } from './phone/sip-seat-line.js';
import { watchIdle } from './session/idle-watch.js';
import { createSession } from './session/session.js';
import { untilSound } from './session/until-sound.js';
import { createWorkplace } from './session/workplace.js';
import { startShade } from './shade.js';

// The page's content security policy forbids code made from text: zod, which some parts use, would try it once and be reported.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
startShade();
startLanguages(localStorage);
const session = createSession();
const workplace = createWorkplace(session, openSipSeatLine);
// People who have to sign in get the form while the page is drawn. If it fails to load, the page asks for it again.
session.subscribe(() => {
  if (session.getSnapshot().kind === 'signed-out') import('./screens/account/sign-in-page.js').catch(() => undefined);
});
void session.start();
watchIdle(session);

// Drawing takes the thread that the line needs: an agent who returns to a seat gets sound first.
await untilSound(session, workplace);
const { draw } = await import('./draw.js');
draw({ session, workplace });

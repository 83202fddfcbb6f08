import { startLanguages } from './i18n/language.js';
import { openSipSeatLine } from './phone/sip-seat-line.js';
import { watchIdle } from './session/idle-watch.js';
import { createSession } from './session/session.js';
import { untilSound } from './session/until-sound.js';
import { createWorkplace } from './session/workplace.js';
import { startShade } from './shade.js';

// The page's own policy forbids code that is made of text: zod, which some parts bring, would try it once and be reported.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
startShade();
startLanguages(localStorage);
const session = createSession();
const workplace = createWorkplace(session, openSipSeatLine);
// Whoever has to sign in gets the form while the page is drawn. Should it not come, the page asks for it again.
session.subscribe(() => {
  if (session.getSnapshot().kind === 'signed-out') import('./screens/account/sign-in-page.js').catch(() => undefined);
});
void session.start();
watchIdle(session);

// Drawing takes the thread that the line needs: whoever comes back to a seat gets the sound first.
await untilSound(session, workplace);
const { draw } = await import('./draw.js');
draw({ session, workplace });

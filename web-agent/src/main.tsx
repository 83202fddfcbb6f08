import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import './app.css';
import { startLanguages } from './i18n/language.js';
import { openSipSeatLine } from './phone/sip-seat-line.js';
import { watchIdle } from './session/idle-watch.js';
import { createSession } from './session/session.js';
import { createWorkplace } from './session/workplace.js';

startLanguages(localStorage);
const session = createSession();
const workplace = createWorkplace(session, openSipSeatLine);
void session.start();
watchIdle(session);

const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App session={session} workplace={workplace} />);

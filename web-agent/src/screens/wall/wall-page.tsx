import { useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { io } from 'socket.io-client';
import { WALL_NAMESPACE } from '../../../../services/shared/contracts/queues/wall.js';
import { useNow } from '../../components/time/elapsed.js';
import { standAt, timeText } from '../../components/time/times.js';
import { followWall, type WallClock, type WallSocket } from './wall-link.js';
import { WallTileView } from './wall-tiles.js';
import { layoutOf, type WallState } from './wall-state.js';
import './wall.css';

/** Older data is not shown as live. */
const STALE_MS = 5_000;

const browserClock: WallClock = {
  nowMs: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  every(ms, run) {
    const timer = setInterval(run, ms);
    return () => clearInterval(timer);
  },
};

/** The token stands behind the #: browsers send that part to no server, so it is in no log on the way. */
const tokenOf = (hash: string): string => hash.replace(/^#/, '');

const openSocket = (token: string): WallSocket =>
  io(WALL_NAMESPACE, { transports: ['websocket'], auth: { token }, reconnectionDelay: 1_000, reconnectionDelayMax: 5_000 });

/** A screen that nobody touches loads the pages of a newer server by itself. */
async function reloadWhenNewer(): Promise<void> {
  const answer = await fetch('/wall', { cache: 'no-store' }).catch(() => undefined);
  if (answer?.ok !== true) return;
  const html = await answer.text();
  const own = document.querySelector('script[type=module][src]')?.getAttribute('src');
  if (typeof own === 'string' && !html.includes(own)) window.location.reload();
}

/** Keeps the screen awake; a hidden page loses the lock, so it is requested again. */
function useAwake(): void {
  useEffect(() => {
    const over = new AbortController();
    const ask = (): void => {
      if (document.visibilityState === 'visible' && 'wakeLock' in navigator) navigator.wakeLock.request('screen').catch(() => undefined);
    };
    ask();
    document.addEventListener('visibilitychange', ask, { signal: over.signal });
    return () => over.abort();
  }, []);
}

/** A wall: no sign-in, nothing to press. */
export default function WallPage(): ReactNode {
  const [token, setToken] = useState(tokenOf(window.location.hash));
  useEffect(() => {
    const renew = (): void => setToken(tokenOf(window.location.hash));
    window.addEventListener('hashchange', renew);
    return () => window.removeEventListener('hashchange', renew);
  }, []);
  const { t } = useTranslation();
  if (token === '') return <WallNote text={t('walls.noToken')} />;
  return <Wall key={token} token={token} />;
}

function Wall({ token }: { readonly token: string }): ReactNode {
  const { t, i18n } = useTranslation();
  const [link, setLink] = useState<ReturnType<typeof followWall>>();
  useEffect(() => {
    const made = followWall({ socket: openSocket(token), clock: browserClock, cameBack: () => void reloadWhenNewer() });
    setLink(made);
    return () => made.close();
  }, [token]);
  useAwake();
  const state = useSyncExternalStore(
    useMemo(() => link?.subscribe ?? (() => () => undefined), [link]),
    () => link?.getSnapshot(),
  );
  const shown = state === undefined ? undefined : layoutOf(state.rows);
  const language = shown?.layout.language;
  useEffect(() => {
    if (language === undefined) return;
    document.documentElement.lang = language;
    void i18n.changeLanguage(language);
  }, [language, i18n]);
  if (shown !== undefined) standAt(shown.zone);
  if (state === undefined) return <WallNote text={t('walls.starting')} />;
  if (state.over) return <WallNote text={t('walls.over')} />;
  return shown === undefined ? <WallNote text={t('walls.starting')} /> : <Screens state={state} shown={shown} />;
}

function WallNote({ text }: { readonly text: string }): ReactNode {
  return (
    <main className="tv tv-note" data-shade="dark" data-testid="wall-note">
      <p>{text}</p>
    </main>
  );
}

function Screens({ state, shown }: { readonly state: WallState; readonly shown: NonNullable<ReturnType<typeof layoutOf>> }): ReactNode {
  const { t } = useTranslation();
  const { screens, rotateSeconds, shade } = shown.layout;
  const now = useNow();
  const at = Math.floor(now / (rotateSeconds * 1_000)) % screens.length;
  const screen = screens[at];
  const isStale = now - state.atMs > STALE_MS;
  return (
    <main className="tv" data-shade={shade} data-stale={isStale} data-testid="wall-screen" data-screen={at}>
      <header className="tv-head">
        <h1>{[shown.name, screen?.title].filter((text) => text !== undefined && text !== '').join(' · ')}</h1>
        {isStale && (
          <p role="status" className="tv-stale" data-testid="wall-stale">
            {t('walls.stale', { at: timeText(new Date(state.atMs).toISOString()) })}
          </p>
        )}
        {screens.length > 1 && <span className="tv-soft">{t('walls.screenOf', { n: at + 1, of: screens.length })}</span>}
        <time>{timeText(new Date(now).toISOString()).slice(0, 16)}</time>
      </header>
      <div className="tv-grid">
        {screen?.tiles.map((tile, i) => (
          <WallTileView key={i} tile={tile} state={state} />
        ))}
      </div>
    </main>
  );
}

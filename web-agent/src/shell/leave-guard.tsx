import { use, useEffect, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { UNSAFE_NavigationContext as NavigationContext, useLocation, type To } from 'react-router';
import { standHere } from '../session/history-guard.js';
import { ask } from '../session/notices.js';
import { unsaved } from '../session/unsaved.js';

/** The same page under another address keeps its forms, or closes them itself. */
function leave(to: To, go: () => void): void {
  const path = typeof to === 'string' ? to.split(/[?#]/)[0] : to.pathname;
  if (path === undefined || path === '' || path === window.location.pathname) go();
  else unsaved.leave(go);
}

/**
 * Asks before a link, a button or the browser's Back leaves a page with a form that is not saved. The router can hold back
 * navigation only with its data router, which would make the first page larger: this stands between the page and the router instead.
 */
export function LeaveGuard({ children }: { readonly children: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const router = use(NavigationContext);
  const { pathname, key } = useLocation();
  useEffect(() => standHere(pathname), [pathname, key]);
  useEffect(() => {
    let isAsking = false;
    const stop = unsaved.onAsk((go) => {
      if (isAsking) return;
      isAsking = true;
      const words = {
        title: t('shell.leave.title'),
        content: t('shell.leave.text'),
        okText: t('shell.leave.go'),
        cancelText: t('shell.leave.stay'),
      };
      void ask(words).then((mayGo) => {
        isAsking = false;
        if (mayGo) go();
      });
    });
    // A page that is reloaded or closed: the browser asks in its own words.
    const closing = (event: BeforeUnloadEvent): void => {
      if (unsaved.some()) event.preventDefault();
    };
    window.addEventListener('beforeunload', closing);
    return () => {
      stop();
      window.removeEventListener('beforeunload', closing);
    };
  }, [t]);
  const guarded = useMemo(() => {
    const { navigator } = router;
    return {
      ...router,
      navigator: {
        ...navigator,
        createHref: (to: Parameters<typeof navigator.createHref>[0]) => navigator.createHref(to),
        push: (...step: Parameters<typeof navigator.push>) => leave(step[0], () => navigator.push(...step)),
        replace: (...step: Parameters<typeof navigator.replace>) => leave(step[0], () => navigator.replace(...step)),
        go: (delta: number) => navigator.go(delta),
      },
    };
  }, [router]);
  return <NavigationContext value={guarded}>{children}</NavigationContext>;
}

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ConfigProvider, Spin } from 'antd';
import enWords from 'antd/es/locale/en_US.js';
import zhWords from 'antd/es/locale/zh_CN.js';
import { lazy, Suspense, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { BrowserRouter } from 'react-router';
import { later } from './components/later.js';
import { isPublicPath, PublicPages } from './screens/public/public-page.js';
import type { Session } from './session/session.js';
import { againAfterMs } from './session/read-again.js';
import { ApiProblem } from './session/session.js';
import { AppContext, useSession } from './session/use-workplace.js';
import type { Workplace } from './session/workplace.js';
import { Notices } from './shell/notices.js';
import { Shell } from './shell/shell.js';
import { themeOf, useShade } from './theme.js';

// Seldom seen, so not part of what every seat loads first.
const ChangePassword = lazy(async () => ({ default: (await import('./screens/account/change-password.js')).ChangePassword }));
const SignInPage = later(
  async () => (await import('./screens/account/sign-in-page.js')).SignInPage,
  () => <Spin fullscreen />,
);
const SetUpTotp = lazy(() => import('./screens/account/set-up-totp.js'));

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // Data of ended calls is dropped early: a seat is open for a whole day.
      gcTime: 30_000,
      // A refusal is final; only failures that may pass are retried.
      retry: (failures, error) => failures < 2 && !(error instanceof ApiProblem && error.code !== 'network' && error.code !== 'timed-out'),
      refetchInterval: ({ state }) => againAfterMs(state.error),
    },
  },
});

/** The page: sign-in, or the shell. The seat lives in `workplace`, outside React, so that no page change touches a call. */
export function App({ session, workplace }: { readonly session: Session; readonly workplace: Workplace }): ReactNode {
  const { t, i18n } = useTranslation();
  const wrong = t('shell.field.wrong');
  const shade = useShade();
  const theme = useMemo(() => themeOf(shade), [shade]);
  const app = useMemo(() => ({ session, workplace }), [session, workplace]);
  return (
    <AppContext value={app}>
      <ConfigProvider
        theme={theme}
        locale={i18n.language === 'en' ? enWords : zhWords}
        button={{ autoInsertSpace: false }}
        form={{ validateMessages: { required: t('shell.field.required'), pattern: { mismatch: wrong }, types: { email: wrong } } }}
      >
        <Notices>
          <QueryClientProvider client={queries}>
            <BrowserRouter>
              <Suspense fallback={<Spin fullscreen />}>{isPublicPath(window.location.pathname) ? <PublicPages /> : <Inside />}</Suspense>
            </BrowserRouter>
          </QueryClientProvider>
        </Notices>
      </ConfigProvider>
    </AppContext>
  );
}

function Inside(): ReactNode {
  const { state } = useSession();
  switch (state.kind) {
    case 'starting':
      return <Spin fullscreen />;
    case 'signed-out':
      return <SignInPage expired={state.expired} away={state.away === true} />;
    case 'signed-in':
      if (state.profile.mustChangePassword) return <ChangePassword must />;
      if (!state.profile.mustSetUpTotp) return <Shell />;
      return <SetUpTotp />;
  }
}

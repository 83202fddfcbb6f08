import { Alert, Button, Form, Input } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SignIn } from '../../../../services/shared/contracts/session.js';
import { ApiProblem } from '../../session/session.js';
import { useFailureWords } from '../../session/use-server.js';
import { useSession } from '../../session/use-workplace.js';
import { LicenceLine } from '../../components/licence-line.js';
import { LanguageAndTheme } from '../../shell/language-and-theme.js';

const needsCode = (error: unknown): boolean =>
  error instanceof ApiProblem && error.details !== undefined && 'need' in error.details && error.details.need === 'totp';

/** Why single sign-on failed, from the address that it returned to. */
function singleSignOnProblem(t: (key: string) => string): string | null {
  const problem = new URLSearchParams(window.location.search).get('single-sign-on');
  if (problem === null) return null;
  window.history.replaceState(null, '', window.location.pathname);
  const known = ['account', 'second-factor', 'not-allowed'].find((each) => each === problem);
  return t(`shell.signIn.problem.${known ?? 'provider'}`);
}

export function SignInPage({ expired, away }: { readonly expired: boolean; readonly away: boolean }): ReactNode {
  const { t } = useTranslation();
  const { session } = useSession();
  const wordsOf = useFailureWords();
  const [withCode, setWithCode] = useState(false);
  const [problem, setProblem] = useState<string | null>(() => singleSignOnProblem(t));
  const [singleSignOn, setSingleSignOn] = useState(false);
  useEffect(() => {
    session.ways().then(
      (ways) => setSingleSignOn(ways.singleSignOn),
      () => undefined,
    );
  }, [session]);
  const [busy, setBusy] = useState(false);

  async function submit(values: SignIn): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      await session.signIn(values);
    } catch (error) {
      if (needsCode(error)) {
        // The first request for a code is no failure; the second one means that the code was wrong.
        if (withCode) setProblem(t('shell.signIn.wrongCode'));
        setWithCode(true);
      } else if (error instanceof ApiProblem && error.code === 'not-signed-in')
        setProblem(withCode ? t('shell.signIn.wrongCode') : t('shell.signIn.wrong'));
      else setProblem(wordsOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <main className="sign-in">
      <div className="panel">
        <h1>{t('shell.product')}</h1>
        {expired && <Alert className="form-note" type="warning" showIcon title={t('shell.signIn.expired')} />}
        {away && problem === null && (
          <Alert className="form-note" type="warning" showIcon title={t('failures.service-unavailable')} data-testid="sign-in-away" />
        )}
        <Form layout="vertical" requiredMark={false} onFinish={(values: SignIn) => void submit(values)} data-testid="sign-in-form">
          <Form.Item name="name" label={t('shell.signIn.name')} rules={[{ required: true }]}>
            <Input autoFocus autoComplete="username" data-testid="sign-in-name" />
          </Form.Item>
          <Form.Item name="password" label={t('shell.signIn.password')} rules={[{ required: true }]}>
            <Input.Password autoComplete="current-password" data-testid="sign-in-password" />
          </Form.Item>
          {withCode && (
            <Form.Item name="code" label={t('shell.signIn.code')} extra={t('shell.signIn.codeHint')} rules={[{ required: true }]}>
              <Input autoFocus autoComplete="one-time-code" inputMode="numeric" data-testid="sign-in-code" />
            </Form.Item>
          )}
          <div role="alert">
            {problem !== null && <Alert className="form-note" type="error" showIcon title={problem} data-testid="sign-in-problem" />}
          </div>
          <Button type="primary" htmlType="submit" block size="large" loading={busy} data-testid="sign-in-submit">
            {t('shell.signIn.submit')}
          </Button>
        </Form>
        {singleSignOn && (
          <>
            <p className="soft sign-in-or">{t('shell.signIn.or')}</p>
            <Button block size="large" href="/api/session/single-sign-on" data-testid="single-sign-on">
              {t('shell.signIn.singleSignOn')}
            </Button>
          </>
        )}
        <div className="row sign-in-foot">
          <LicenceLine />
          <LanguageAndTheme />
        </div>
      </div>
    </main>
  );
}

import { Button } from 'antd';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { loadPageWords } from '../../i18n/language.js';
import { useSession } from '../../session/use-workplace.js';
import { LanguageAndTheme } from '../../shell/language-and-theme.js';
import { Authenticator } from './authenticator.js';

/** The full page until the second factor is set up: the account may do nothing else before. */
export default function SetUpTotp(): ReactNode {
  const { t } = useTranslation();
  const { session } = useSession();
  useEffect(() => void loadPageWords().catch(() => undefined), []);
  return (
    <main className="sign-in" data-testid="set-up-totp">
      <div className="panel">
        <h1>{t('shell.setUpTotp.title')}</h1>
        <p>{t('shell.setUpTotp.why')}</p>
        <Authenticator />
        <div className="row sign-in-foot">
          <LanguageAndTheme />
          <Button type="text" onClick={() => void session.signOut()}>
            {t('shell.signOut')}
          </Button>
        </div>
      </div>
    </main>
  );
}

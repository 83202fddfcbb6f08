import { App, Button, Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded, Page } from '../../components/page.js';
import { deviceText } from '../../components/names/device-text.js';
import { timeText } from '../../components/time/times.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useProfile } from '../../session/use-workplace.js';
import { Authenticator } from './authenticator.js';
import { ChangePassword } from './change-password.js';

export default function AccountPage(): ReactNode {
  const { t, i18n } = useTranslation();
  const profile = useProfile();
  const sessions = useRead('/session/list');
  const { message } = App.useApp();
  const end = useChange('session', () => void message.success(t('account.sessions.ended')));
  return (
    <Page title={t('shell.account')} testId="account-page">
      <div className="stack narrow">
        <section className="panel">
          <h2>{profile.displayName}</h2>
          <div className="row">
            <span className="soft">{profile.name}</span>
            {profile.roles.map((role) => (
              <Tag key={role}>{t(`shell.role.${role}`)}</Tag>
            ))}
            {profile.team !== undefined && (
              <span className="soft" data-testid="own-team">
                {t('account.team', { team: (i18n.language === 'en' ? profile.team.name.en : undefined) ?? profile.team.name['zh-CN'] })}
              </span>
            )}
          </div>
        </section>
        <section className="panel">
          <h2>{t('account.totp.title')}</h2>
          <Authenticator />
        </section>
        <section className="panel">
          <h2>{t('shell.password.title')}</h2>
          <ChangePassword />
        </section>
        <section className="panel">
          <h2>{t('account.sessions.title')}</h2>
          <Loaded query={sessions}>
            {({ sessions: rows }) => (
              <ul className="plain">
                {rows.map((row) => (
                  <li key={row.id}>
                    <span className="figures">{timeText(row.lastUsedAt)}</span> {row.from}{' '}
                    <span className="soft">{deviceText(row.device)}</span>{' '}
                    {row.current ? (
                      <Tag color="green">{t('account.sessions.this')}</Tag>
                    ) : (
                      <Button
                        size="small"
                        onClick={() => end.mutate({ route: 'DELETE /session/list/:sessionId', params: { sessionId: row.id } })}
                        data-testid="end-session"
                      >
                        {t('account.sessions.end')}
                      </Button>
                    )}
                  </li>
                ))}
              </ul>
            )}
          </Loaded>
        </section>
      </div>
    </Page>
  );
}

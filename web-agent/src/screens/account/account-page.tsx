import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../components/page.js';
import { useProfile } from '../../session/use-workplace.js';
import { ChangePassword } from './change-password.js';

export function AccountPage(): ReactNode {
  const { t } = useTranslation();
  const profile = useProfile();
  return (
    <Page title={t('shell.account')} testId="account-page">
      <div className="stack narrow">
        <div className="panel">
          <h2>{profile.displayName}</h2>
          <div className="row">
            <span className="soft">{profile.name}</span>
            {profile.roles.map((role) => (
              <Tag key={role}>{t(`shell.role.${role}`)}</Tag>
            ))}
          </div>
        </div>
        <div className="panel">
          <h2>{t('shell.password.title')}</h2>
          <ChangePassword />
        </div>
      </div>
    </Page>
  );
}

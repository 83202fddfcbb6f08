import { LogoutOutlined, UserOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useProfile, useSession } from '../session/use-workplace.js';

/** Who is signed in: their account, and the way out. */
export function PersonMenu(): ReactNode {
  const { t } = useTranslation();
  const { session } = useSession();
  const { displayName } = useProfile();
  const go = useNavigate();
  return (
    <Dropdown
      autoFocus
      menu={{
        items: [
          { key: 'account', icon: <UserOutlined />, label: t('shell.account'), onClick: () => void go('/account') },
          {
            key: 'out',
            icon: <LogoutOutlined />,
            label: <span data-testid="sign-out">{t('shell.signOut')}</span>,
            onClick: () => void session.signOut(),
          },
        ],
      }}
      trigger={['click']}
    >
      <Button type="text" icon={<UserOutlined />} data-testid="person">
        {displayName}
      </Button>
    </Dropdown>
  );
}

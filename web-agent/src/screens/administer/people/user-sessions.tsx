import { Button, Modal } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../../components/page.js';
import { deviceText } from '../../../components/names/device-text.js';
import { timeText } from '../../../components/time/times.js';
import { useChange, useRead } from '../../../session/use-server.js';
import type { UserRow } from './user-form.js';

/** Where a person is signed in; each session can be ended at once. */
export function UserSessions({ user, onClose }: { readonly user: UserRow; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const sessions = useRead('/users/:id/sessions', { params: { id: user.id } });
  const end = useChange('users');
  return (
    <Modal open title={`${t('administer.users.sessions')}: ${user.displayName}`} onCancel={onClose} footer={null}>
      <Loaded query={sessions} isEmpty={({ sessions: rows }) => rows.length === 0} empty={t('administer.users.noSessions')}>
        {({ sessions: rows }) => (
          <ul className="plain">
            {rows.map((row) => (
              <li key={row.id}>
                <span className="figures">{timeText(row.lastUsedAt)}</span> {row.from}{' '}
                <span className="soft">{deviceText(row.device)}</span>{' '}
                <Button
                  size="small"
                  onClick={() => end.mutate({ route: 'DELETE /users/:id/sessions/:sessionId', params: { id: user.id, sessionId: row.id } })}
                  data-testid="end-users-session"
                >
                  {t('administer.users.endSession')}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Modal>
  );
}

import { Alert, Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { timeText } from '../components/time/times.js';
import { useChange } from '../session/use-server.js';
import { useProfile, useSession } from '../session/use-workplace.js';

/** Changes that a person may not have wanted. */
const refusable = ['reset', 'grants'];

/** What others did to the person's account, or ask to do: shown on every page until the person has read it. */
export function AccountNotices(): ReactNode {
  const { t } = useTranslation();
  const { notices } = useProfile();
  const { session } = useSession();
  const seen = useChange('session', () => void session.reloadProfile());
  const refuse = useChange('session', () => seen.mutate({ route: 'POST /session/notices/seen' }));
  return (
    <Alert
      className="form-note"
      type="warning"
      showIcon
      title={t('account.notices.title')}
      description={
        <ul className="plain">
          {notices.map(({ at, what, done, byName }) => (
            <li key={`${at}${what}`}>
              <span className="figures">{timeText(at)}</span> {t(`account.notices.${done ? 'done' : 'asked'}.${what}`, { by: byName })}
            </li>
          ))}
        </ul>
      }
      action={
        <div className="row">
          <Button
            size="small"
            loading={seen.isPending}
            onClick={() => seen.mutate({ route: 'POST /session/notices/seen' })}
            data-testid="notices-seen"
          >
            {t('account.notices.seen')}
          </Button>
          {notices.some(({ done, what }) => !done && refusable.includes(what)) && (
            <Button
              size="small"
              danger
              loading={refuse.isPending}
              onClick={() => refuse.mutate({ route: 'POST /session/account-changes/refuse' })}
              data-testid="notices-refuse"
            >
              {t('account.notices.refuse')}
            </Button>
          )}
        </div>
      }
      data-testid="account-notices"
    />
  );
}

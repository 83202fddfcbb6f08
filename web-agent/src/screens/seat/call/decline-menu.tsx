import { DownOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePhonePart } from '../../../session/use-workplace.js';
import { useSeatActions } from '../seat-actions.js';

const reasons = ['busy', 'wrong', 'technical', 'other'] as const;

/** Declines the call, with the reason. */
export function DeclineMenu(): ReactNode {
  const { t } = useTranslation();
  const asking = usePhonePart((phone) => phone.asking);
  const act = useSeatActions();
  return (
    <Dropdown
      autoFocus
      trigger={['click']}
      menu={{
        items: reasons.map((reason) => ({
          key: reason,
          label: <span data-testid={`decline-${reason}`}>{t(`seat.declineReason.${reason}`)}</span>,
          onClick: () => act.decline(reason),
        })),
      }}
    >
      <Button loading={asking === 'call:decline'} data-testid="decline">
        {t('seat.decline')} <DownOutlined />
      </Button>
    </Dropdown>
  );
}

import { DownOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRead } from '../session/use-server.js';
import { usePageWords } from '../components/use-page-words.js';

export interface BreakButton {
  readonly isChosen: boolean;
  readonly loading: boolean;
  readonly disabled: boolean;
  readonly onChoose: (reason: string | undefined) => void;
}

/**
 * *Break* with the reasons of the site; if there are none, a break without a reason. Reasons that could not be read are requested again.
 */
export default function BreakMenu({ isChosen, loading, disabled, onChoose }: BreakButton): ReactNode {
  const { t, i18n } = useTranslation();
  const read = useRead('/routing/breaks');
  const reasons = read.data?.breaks ?? [];
  const hasWords = usePageWords();
  const isClosed = disabled || !hasWords;
  const look = {
    type: isChosen ? 'primary' : 'default',
    'aria-pressed': isChosen,
    loading,
    disabled: isClosed,
    'data-testid': 'set-break',
  } as const;
  if (reasons.length === 0)
    return (
      <Button {...look} onClick={() => (read.data === undefined ? void read.refetch() : onChoose(undefined))}>
        {t('seat.setBreak')}
      </Button>
    );
  return (
    <Dropdown
      autoFocus
      trigger={['click']}
      disabled={isClosed}
      menu={{
        'aria-label': t('breaks.choose'),
        items: reasons.map(({ id, name, limitMs }) => ({
          key: id,
          label: (
            <span data-testid={`break-${id}`}>
              {i18n.language === 'en' ? name.en : name['zh-CN']}{' '}
              <span className="soft">
                {limitMs === undefined ? t('breaks.noLimit') : t('breaks.limit', { minutes: Math.round(limitMs / 60_000) })}
              </span>
            </span>
          ),
          onClick: () => onChoose(id),
        })),
      }}
    >
      <Button {...look}>
        {t('seat.setBreak')} <DownOutlined />
      </Button>
    </Dropdown>
  );
}

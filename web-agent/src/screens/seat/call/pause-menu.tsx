import { PauseCircleOutlined } from '@ant-design/icons';
import { Button, Popover, Space } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePhonePart } from '../../../session/use-workplace.js';
import { useSeatActions } from '../seat-actions.js';

const pauseReasons = ['card', 'private'] as const;

/** Stops the recording of a call for a while, with the reason. */
export function PauseMenu({ idle }: { readonly idle: boolean }): ReactNode {
  const { t } = useTranslation();
  const asking = usePhonePart((phone) => phone.asking);
  const act = useSeatActions();
  return (
    <Popover
      trigger="click"
      content={
        <Space orientation="vertical">
          {pauseReasons.map((reason) => (
            <Button key={reason} onClick={() => act.pauseRecording(reason)} data-testid={`pause-${reason}`}>
              {t(`seat.pauseReason.${reason}`)}
            </Button>
          ))}
        </Space>
      }
    >
      <Button disabled={idle} loading={asking === 'call:pause-recording'} icon={<PauseCircleOutlined />} data-testid="pause-recording">
        {t('seat.pauseRecording')} <kbd>P</kbd>
      </Button>
    </Popover>
  );
}

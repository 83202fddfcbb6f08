import { PhoneOutlined } from '@ant-design/icons';
import { Button, Input, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { callPurposes, type CallPurpose } from '../../../../services/shared/domain/calls/call-purpose.js';
import { usePhonePart } from '../../session/use-workplace.js';
import { useSeatActions } from './seat-actions.js';

/** Calls somebody from this seat. The server decides what may be called, why and when; the banner shows a refusal. */
export function DialForm(): ReactNode {
  const { t } = useTranslation();
  const mayDial = usePhonePart(({ link, line }) => link === 'up' && line === 'up');
  const dialling = usePhonePart(({ asking }) => asking === 'call:dial');
  const act = useSeatActions();
  const [typed, setTyped] = useState('');
  const [purpose, setPurpose] = useState<CallPurpose>('enquiry');
  const number = typed.replace(/[\s()-]/g, '');
  const fits = /^\+?[0-9]{3,24}$/.test(number);

  async function call(): Promise<void> {
    if (fits && (await act.dial(number, purpose))) setTyped('');
  }

  return (
    <div className="row dial" role="group" aria-label={t('seat.dial.title')} data-testid="dial-form">
      <Input
        value={typed}
        className="dial-number"
        inputMode="tel"
        autoComplete="off"
        maxLength={32}
        aria-label={t('seat.dial.number')}
        placeholder={t('seat.dial.number')}
        onChange={({ target }) => setTyped(target.value)}
        onPressEnter={() => void call()}
        data-testid="dial-number"
      />
      <Select
        value={purpose}
        className="dial-purpose"
        aria-label={t('seat.dial.purpose')}
        options={callPurposes.map((value) => ({ value, label: t(`seat.dial.purposes.${value}`) }))}
        onChange={setPurpose}
      />
      <Button icon={<PhoneOutlined />} disabled={!fits || !mayDial} loading={dialling} onClick={() => void call()} data-testid="dial">
        {t('seat.dial.call')}
      </Button>
      <div className="soft dial-rules">{t('seat.dial.rules')}</div>
    </div>
  );
}

import { Button, Input, Modal, Space } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSeatActions } from '../seat-actions.js';

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;

/** Digits for the other side: one by one, or pasted as a whole. */
export function Keypad({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const act = useSeatActions();
  const [typed, setTyped] = useState('');
  const [sent, setSent] = useState('');
  const digits = typed.replace(/[^0-9*#]/g, '').slice(0, 64);

  function press(pressed: string): void {
    act.sendKeys(pressed);
    setSent((before) => before + pressed);
  }

  function send(): void {
    if (digits !== '') press(digits);
    setTyped('');
  }

  return (
    <Modal title={t('seat.keypad')} open={open} onCancel={onClose} afterClose={() => setSent('')} footer={null} width={268} destroyOnHidden>
      <div className="stack" data-testid="keypad-sheet">
        <div className="keypad">
          {keys.map((key) => (
            <Button key={key} size="large" onClick={() => press(key)} data-testid={`key-${key}`}>
              {key}
            </Button>
          ))}
        </div>
        <Space.Compact block>
          <Input
            value={typed}
            autoFocus
            aria-label={t('seat.keypadHint')}
            placeholder={t('seat.keypadHint')}
            onChange={({ target }) => setTyped(target.value)}
            onPressEnter={send}
            data-testid="keypad-digits"
          />
          <Button type="primary" onClick={send} disabled={digits === ''} data-testid="keypad-send">
            {t('seat.sendKeys')}
          </Button>
        </Space.Compact>
        {sent !== '' && (
          <div className="soft figures sent-keys" aria-live="polite" data-testid="keys-sent">
            {t('seat.keysSent', { keys: sent.slice(-24) })}
          </div>
        )}
      </div>
    </Modal>
  );
}

import { Button, Input, Modal, Space } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSeatActions } from './seat-actions.js';

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;

/** Keys to the other side: one by one, or pasted as a whole. */
export function Keypad({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const act = useSeatActions();
  const [typed, setTyped] = useState('');
  const digits = typed.replace(/[^0-9*#]/g, '').slice(0, 64);

  function send(): void {
    if (digits !== '') act.sendKeys(digits);
    setTyped('');
  }

  return (
    <Modal title={t('seat.keypad')} open={open} onCancel={onClose} footer={null} width={268} destroyOnHidden>
      <div className="stack" data-testid="keypad-sheet">
        <div className="keypad">
          {keys.map((key) => (
            <Button key={key} size="large" onClick={() => act.sendKeys(key)} data-testid={`key-${key}`}>
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
      </div>
    </Modal>
  );
}

import { QuestionCircleOutlined } from '@ant-design/icons';
import { Button, Modal, Tooltip } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { shortcuts } from './shortcuts.js';

/** The list of keys, on `?`. */
export function ShortcutsHelp(): ReactNode {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      if (event.key === '?' && (target === null || !/^(INPUT|TEXTAREA)$/.test(target.tagName))) setOpen(true);
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, []);
  return (
    <>
      <Tooltip title={t('seat.shortcuts.help')}>
        <Button
          size="small"
          type="text"
          aria-label={t('seat.shortcuts.help')}
          icon={<QuestionCircleOutlined />}
          onClick={() => setOpen(true)}
          data-testid="shortcuts"
        />
      </Tooltip>
      <Modal title={t('seat.shortcuts.title')} open={open} footer={null} onCancel={() => setOpen(false)} width={360}>
        <dl className="facts" data-testid="shortcuts-list">
          {shortcuts.map(({ key, does }) => (
            <div key={key} className="contents">
              <dt>
                <kbd>{key.length === 1 ? key.toUpperCase() : key}</kbd>
              </dt>
              <dd>{t(`seat.${does}`)}</dd>
            </div>
          ))}
        </dl>
      </Modal>
    </>
  );
}

import { QuestionCircleOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ShortcutsList } from '../seat-parts.js';

/** The list of keys, on `?`. */
export function ShortcutsHelp(): ReactNode {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [opened, setOpened] = useState(false);
  if (open && !opened) setOpened(true);
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
      <Button
        size="small"
        type="text"
        aria-label={t('seat.shortcuts.help')}
        title={t('seat.shortcuts.help')}
        icon={<QuestionCircleOutlined />}
        onClick={() => setOpen(true)}
        data-testid="shortcuts"
      />
      {opened && <ShortcutsList open={open} onClose={() => setOpen(false)} />}
    </>
  );
}

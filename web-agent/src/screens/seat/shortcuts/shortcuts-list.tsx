import { Modal } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { shortcuts } from './shortcuts.js';

export function ShortcutsList({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <Modal title={t('seat.shortcuts.title')} open={open} footer={null} onCancel={onClose} width={360}>
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
  );
}

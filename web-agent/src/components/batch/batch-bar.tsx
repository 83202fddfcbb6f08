import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MOST_IN_BATCH } from '../../../../services/shared/domain/people/batch.js';
import './batch.css';

interface BatchAct {
  readonly key: string;
  readonly label: string;
  readonly onClick: () => void;
}

/** What can be done with the chosen rows: at the foot of the page for as long as any are chosen. */
export function BatchBar({
  count,
  all,
  acts,
  onAll,
  onClear,
}: {
  readonly count: number;
  /** How many rows the list has, over all its pages. */
  readonly all: number;
  readonly acts: readonly BatchAct[];
  readonly onAll: () => void;
  readonly onClear: () => void;
}): ReactNode {
  const { t } = useTranslation();
  if (count === 0) return null;
  const isTooMany = count > MOST_IN_BATCH;
  return (
    <div className="batch-bar" role="toolbar" aria-label={t('batch.bar')} data-testid="batch-bar">
      <strong role="status">{t('batch.chosen', { count })}</strong>
      {count < all && (
        <Button size="small" type="link" onClick={onAll} data-testid="batch-all">
          {t('batch.all', { count: all })}
        </Button>
      )}
      {isTooMany && <span className="bad">{t('batch.tooMany', { most: MOST_IN_BATCH })}</span>}
      {acts.map(({ key, label, onClick }) => (
        <Button key={key} disabled={isTooMany} onClick={onClick} data-testid={`batch-${key}`}>
          {label}
        </Button>
      ))}
      <Button type="text" onClick={onClear} data-testid="batch-clear">
        {t('batch.clear')}
      </Button>
    </div>
  );
}

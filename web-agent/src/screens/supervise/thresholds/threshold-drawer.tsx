import { Button, Drawer, Empty, Popconfirm, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Threshold } from '../../../../../services/shared/contracts/queues/threshold.js';
import { figureRegistry, valueWithUnit } from '../../../../../services/shared/domain/figures/registry.js';
import { Loaded } from '../../../components/page.js';
import { useChange, useRead } from '../../../session/use-server.js';
import { useScopeNames } from './scope-name.js';
import { ThresholdForm } from './threshold-form.js';

/** The thresholds within the person's scope, to add, change and remove. */
export default function ThresholdDrawer({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const read = useRead('/thresholds');
  const [edited, setEdited] = useState<Threshold | 'new'>();
  return (
    <Drawer open size={520} title={t('thresholds.title')} onClose={onClose} data-testid="thresholds">
      <p className="soft">{t('thresholds.text')}</p>
      <Loaded query={read}>
        {({ thresholds, people }) => (
          <div className="stack">
            {thresholds.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('thresholds.empty')} />}
            {thresholds.map((threshold) => (
              <ThresholdLine key={threshold.id} threshold={threshold} onEdit={() => setEdited(threshold)} />
            ))}
            <Button type="primary" onClick={() => setEdited('new')} data-testid="threshold-add">
              {t('thresholds.add')}
            </Button>
            {edited !== undefined && (
              <ThresholdForm threshold={edited === 'new' ? undefined : edited} people={people} onClose={() => setEdited(undefined)} />
            )}
          </div>
        )}
      </Loaded>
    </Drawer>
  );
}

function ThresholdLine({ threshold, onEdit }: { readonly threshold: Threshold; readonly onEdit: () => void }): ReactNode {
  const { t, i18n } = useTranslation();
  const nameOfScope = useScopeNames();
  const remove = useChange('thresholds');
  const { id, scope, figure, window, warn, alarm, clear, active } = threshold;
  const { name, unit } = figureRegistry[figure];
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const shown = (limit: number | undefined): string => valueWithUnit(unit, limit ?? null, language);
  return (
    <section className="panel stack" data-testid={`threshold-${id}`}>
      <strong>
        {nameOfScope(scope)} · {name[language]} · {t(`thresholds.windows.${window}`)}
      </strong>
      <span className="figures">
        {t(`thresholds.worseBy.${threshold.worse}`)}:{' '}
        {t('thresholds.limits', { warn: shown(warn), alarm: shown(alarm), clear: shown(clear) })}
      </span>
      <div className="row">
        {!active && <Tag>{t('thresholds.inactive')}</Tag>}
        <Button size="small" onClick={onEdit} data-testid="threshold-edit">
          {t('thresholds.edit')}
        </Button>
        <Popconfirm
          title={t('thresholds.removeSure')}
          okText={t('thresholds.remove')}
          cancelText={t('shell.cancel')}
          onConfirm={() => remove.mutate({ route: 'DELETE /thresholds/:thresholdId', params: { thresholdId: id } })}
        >
          <Button size="small" danger data-testid="threshold-remove">
            {t('thresholds.remove')}
          </Button>
        </Popconfirm>
      </div>
    </section>
  );
}

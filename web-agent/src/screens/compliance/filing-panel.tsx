import { App, Button, DatePicker, Input, Table, Tag } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { siteNow } from '../../components/time/site-days.js';
import { useChange } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';
import { Field } from '../administer/fields.js';
import { useEvidence } from './use-evidence.js';
import type { Difference } from '../../../../services/shared/contracts/api/evidence/evidence-state.js';
import { FormModal } from '../../components/form-drawer.js';

/** The differences from what was filed: how many, since when, and by when they must be filed. */
export function FilingPanel(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const filing = useEvidence('filing');
  const [freezing, setFreezing] = useState(false);
  const differences = filing.data?.filing.differences ?? [];
  const { filedOn, oldest, fileBy } = filing.data?.filing ?? {};
  return (
    <section className="panel">
      <div className="row">
        <h2 className="grow">{t('compliance.readiness.filing')}</h2>
        {may('evidence.make') && <Button onClick={() => setFreezing(true)}>{t('compliance.readiness.freeze')}</Button>}
      </div>
      <p className="soft">
        {filedOn === undefined || filedOn === null
          ? t('compliance.readiness.neverFiled')
          : t('compliance.readiness.filedOn', { day: filedOn })}
      </p>
      {filedOn !== undefined && filedOn !== null && (
        <p data-testid="filing-summary">
          <strong>
            {oldest === undefined || oldest === null
              ? t('compliance.readiness.noDifferences')
              : t(
                  fileBy === undefined || fileBy === null ? 'compliance.readiness.differencesUndated' : 'compliance.readiness.differences',
                  {
                    count: differences.length,
                    since: oldest,
                    day: fileBy,
                  },
                )}
          </strong>
        </p>
      )}
      {differences.length > 0 && (
        <Table<Difference>
          rowKey={({ subject, change }) => `${subject} ${change}`}
          size="small"
          pagination={{ pageSize: 20, hideOnSinglePage: true }}
          scroll={{ x: 760 }}
          dataSource={[...differences]}
          data-testid="differences"
          columns={[
            {
              title: t('compliance.readiness.change'),
              width: 80,
              render: (_value, { change }) => (
                <Tag color="gold">{t(`compliance.readiness.changes.${change}`, { defaultValue: change })}</Tag>
              ),
            },
            { title: t('compliance.readiness.subject'), dataIndex: 'what' },
            { title: t('compliance.readiness.asFiled'), render: (_value, { filed }) => filed || '–' },
            { title: t('compliance.readiness.now'), render: (_value, { now }) => now || '–' },
            { title: t('compliance.readiness.since'), dataIndex: 'since', className: 'figures', width: 110 },
            { title: t('compliance.readiness.fileBy'), render: (_value, { fileBy: day }) => day || '–', className: 'figures', width: 110 },
          ]}
        />
      )}
      {freezing && <FreezeForm onClose={() => setFreezing(false)} />}
    </section>
  );
}

function FreezeForm({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [day, setDay] = useState<Dayjs>(siteNow);
  const [note, setNote] = useState('');
  const freeze = useChange<'POST /evidence/filings'>('evidence', ({ lines }) => {
    void message.success(t('compliance.readiness.frozen', { lines }));
    onClose();
  });
  return (
    <FormModal
      open
      title={t('compliance.readiness.freeze')}
      okText={t('shell.save')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ disabled: note.trim() === '', loading: freeze.isPending }}
      onCancel={onClose}
      onOk={() => freeze.mutate({ route: 'POST /evidence/filings', body: { filedOn: day.format('YYYY-MM-DD'), note: note.trim() } })}
    >
      <div className="stack">
        <p className="soft">{t('compliance.readiness.freezeHint')}</p>
        <Field label={t('compliance.readiness.filingDay')}>
          {(id) => <DatePicker id={id} className="full" allowClear={false} value={day} onChange={(next) => setDay(next ?? siteNow())} />}
        </Field>
        <Field label={t('compliance.readiness.note')}>
          {(id) => <Input id={id} value={note} maxLength={200} onChange={({ target }) => setNote(target.value)} />}
        </Field>
      </div>
    </FormModal>
  );
}

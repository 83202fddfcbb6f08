import { App, Button, DatePicker, Input, Modal, Tag } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { siteDay, siteNow } from '../../components/site-days.js';
import { useChange } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';
import { useEvidence } from './use-evidence.js';

interface Difference {
  readonly subject: string;
  readonly change: string;
  readonly filed: string;
  readonly now: string;
  readonly since: string;
  readonly fileBy: string;
}

interface Filing {
  readonly filing: {
    readonly filedOn: string | null;
    readonly differences: readonly Difference[];
    readonly oldest: string | null;
    readonly fileBy: string | null;
  };
}

/** What runs or is declared otherwise than it was filed: how many, since when, and until when it must be filed. */
export function FilingPanel(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const filing = useEvidence<Filing>('filing');
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
              : t('compliance.readiness.differences', {
                  count: differences.length,
                  days: Math.max(0, siteNow().startOf('day').diff(siteDay(oldest), 'day')),
                  day: fileBy,
                })}
          </strong>
        </p>
      )}
      <ul className="plain">
        {differences.map((difference) => (
          <li key={`${difference.subject} ${difference.change}`} className="row">
            <Tag color="gold">{t(`compliance.readiness.changes.${difference.change}`, { defaultValue: difference.change })}</Tag>
            <strong>{difference.subject}</strong>
            <span>
              {difference.filed || '–'} → {difference.now || '–'}
            </span>
            <span className="soft figures">{t('compliance.readiness.since', { day: difference.since })}</span>
            <span className="soft">{t('compliance.readiness.fileBy', { day: difference.fileBy })}</span>
          </li>
        ))}
      </ul>
      {freezing && <FreezeForm onClose={() => setFreezing(false)} />}
    </section>
  );
}

function FreezeForm({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [day, setDay] = useState<Dayjs>(siteNow);
  const [note, setNote] = useState('');
  const freeze = useChange<{ lines: number }>('evidence', ({ lines }) => {
    void message.success(t('compliance.readiness.frozen', { lines }));
    onClose();
  });
  return (
    <Modal
      open
      title={t('compliance.readiness.freeze')}
      okText={t('shell.save')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ disabled: note.trim() === '', loading: freeze.isPending }}
      onCancel={onClose}
      onOk={() =>
        freeze.mutate({ method: 'POST', path: '/evidence/filings', body: { filedOn: day.format('YYYY-MM-DD'), note: note.trim() } })
      }
    >
      <div className="stack">
        <DatePicker
          allowClear={false}
          value={day}
          onChange={(next) => setDay(next ?? siteNow())}
          aria-label={t('compliance.readiness.filing')}
        />
        <Input
          value={note}
          placeholder={t('compliance.readiness.note')}
          aria-label={t('compliance.readiness.note')}
          onChange={({ target }) => setNote(target.value)}
        />
      </div>
    </Modal>
  );
}

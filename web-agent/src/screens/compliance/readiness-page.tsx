import { App, Button, DatePicker, Input, Modal, Segmented, Table, Tag } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded, Page } from '../../components/page.js';
import { timeText } from '../../components/times.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';

interface Condition {
  readonly id: string;
  readonly title: string;
  readonly basis: string;
  readonly state: 'met' | 'attention' | 'missing';
  readonly evidence: string;
  readonly missing: string;
  readonly openPoint?: string;
}

interface Finding {
  readonly rule: string;
  readonly severity: 'breach' | 'warning' | 'note';
  readonly subject: string;
  readonly text: string;
  readonly basis: string;
}

interface Readiness {
  readonly at: string;
  readonly selfChecks: readonly {
    readonly scope: 'provincial' | 'nationwide';
    readonly met: number;
    readonly conditions: readonly Condition[];
  }[];
  readonly findings: readonly Finding[];
}

interface Duty {
  readonly id: string;
  readonly title: string;
  readonly dueOn: string;
  readonly basis: string;
  readonly urgency: 'overdue' | 'urgent' | 'soon' | 'later';
}

interface Filing {
  readonly filing?: {
    readonly filedOn?: string | null;
    readonly differences?: readonly {
      readonly subject: string;
      readonly change: string;
      readonly filed: string;
      readonly now: string;
      readonly fileBy: string;
    }[];
  };
}

const conditionColors = { met: 'green', attention: 'gold', missing: 'red' } as const;
const severityColors = { breach: 'red', warning: 'gold', note: 'default' } as const;
const urgencyColors = { overdue: 'red', urgent: 'red', soon: 'gold', later: 'default' } as const;

/** The licence's conditions with their evidence, what has to be done when, and what runs otherwise than it was filed. */
export default function ReadinessPage(): ReactNode {
  const { t } = useTranslation();
  const [scope, setScope] = useState<'provincial' | 'nationwide'>('provincial');
  const readiness = useRead<Readiness>('/evidence/readiness');
  return (
    <Page
      title={t('compliance.readiness.title')}
      testId="readiness-page"
      actions={
        <Segmented
          value={scope}
          onChange={setScope}
          options={(['provincial', 'nationwide'] as const).map((value) => ({ value, label: t(`compliance.readiness.${value}`) }))}
        />
      }
    >
      <Loaded query={readiness}>
        {({ at, selfChecks, findings }) => {
          const check = selfChecks.find((each) => each.scope === scope) ?? selfChecks[0];
          return (
            <div className="stack">
              <p className="soft figures">{t('shell.freshness', { time: timeText(at) })}</p>
              {check !== undefined && (
                <section className="panel">
                  <h2>{t('compliance.readiness.met', { met: check.met, all: check.conditions.length })}</h2>
                  <Conditions rows={check.conditions} />
                </section>
              )}
              <Findings rows={findings} />
              <Duties />
              <FilingPanel />
            </div>
          );
        }}
      </Loaded>
    </Page>
  );
}

function Conditions({ rows }: { readonly rows: readonly Condition[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <Table<Condition>
      rowKey="id"
      size="small"
      pagination={false}
      dataSource={[...rows]}
      columns={[
        { title: t('compliance.readiness.condition'), dataIndex: 'title' },
        {
          title: t('compliance.readiness.state'),
          render: (_value, row) => <Tag color={conditionColors[row.state]}>{t(`compliance.readiness.states.${row.state}`)}</Tag>,
        },
        { title: t('compliance.readiness.evidence'), dataIndex: 'evidence' },
        { title: t('compliance.readiness.missing'), dataIndex: 'missing' },
        {
          title: t('compliance.readiness.basis'),
          render: (_value, row) => (
            <>
              {row.basis} {row.openPoint !== undefined && <Tag color="gold">{t('compliance.readiness.unconfirmed')}</Tag>}
            </>
          ),
        },
      ]}
    />
  );
}

export function Findings({ rows }: { readonly rows: readonly Finding[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <section className="panel">
      <h2>{t('compliance.readiness.findings')}</h2>
      {rows.length === 0 && <p className="soft">{t('compliance.readiness.noFindings')}</p>}
      <ul className="plain">
        {rows.map((row) => (
          <li key={`${row.rule} ${row.subject}`} className="row">
            <Tag color={severityColors[row.severity]}>{t(`compliance.readiness.severity.${row.severity}`)}</Tag>
            <span>{row.text}</span>
            <span className="soft">
              {row.subject} · {row.basis}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Duties(): ReactNode {
  const { t } = useTranslation();
  const duties = useRead<{ duties: readonly Duty[] }>('/evidence/duties');
  return (
    <section className="panel">
      <h2>{t('compliance.readiness.duties')}</h2>
      <Loaded query={duties} isEmpty={({ duties: rows }) => rows.length === 0} empty={t('compliance.readiness.noDuties')}>
        {({ duties: rows }) => (
          <ul className="plain">
            {rows.map((duty) => (
              <li key={duty.id} className="row">
                <span className="figures">{duty.dueOn}</span>
                <Tag color={urgencyColors[duty.urgency]}>{t(`compliance.readiness.urgency.${duty.urgency}`)}</Tag>
                <span>{duty.title}</span>
                <span className="soft">{duty.basis}</span>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}

function FilingPanel(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const filing = useRead<Filing>('/evidence/filing');
  const [freezing, setFreezing] = useState(false);
  const differences = filing.data?.filing?.differences ?? [];
  const filedOn = filing.data?.filing?.filedOn;
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
      <ul className="plain">
        {differences.map((difference) => (
          <li key={`${difference.subject} ${difference.change}`} className="row">
            <Tag color="gold">{t(`compliance.readiness.changes.${difference.change}`, { defaultValue: difference.change })}</Tag>
            <strong>{difference.subject}</strong>
            <span>
              {difference.filed} → {difference.now}
            </span>
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
  const [day, setDay] = useState<Dayjs>(() => dayjs());
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
          onChange={(next) => setDay(next ?? dayjs())}
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

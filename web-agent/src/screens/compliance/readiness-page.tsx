import { Segmented, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded, Page } from '../../components/page.js';
import { timeText } from '../../components/time/times.js';
import { ApplicationPanel } from './application-panel.js';
import { FilingPanel } from './filing-panel.js';
import { RuleBookPanel } from './rule-book-panel.js';
import { useEvidence } from './use-evidence.js';
import type { Condition, Finding } from '../../../../services/shared/contracts/api/evidence/evidence-state.js';
import { DataTable } from '../../components/data-table.js';

const conditionColors = { met: 'green', attention: 'gold', missing: 'red' } as const;
const severityColors = { breach: 'red', warning: 'gold', note: 'default' } as const;
const urgencyColors = { overdue: 'red', urgent: 'red', soon: 'gold', later: 'default' } as const;

/** The licence's conditions with their evidence, what is due when, and what differs from what was filed. */
export default function ReadinessPage(): ReactNode {
  const { t } = useTranslation();
  const [scope, setScope] = useState<'provincial' | 'nationwide'>('provincial');
  const readiness = useEvidence('readiness');
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
              <ApplicationPanel />
              <RuleBookPanel />
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
    <DataTable<Condition>
      rowKey="id"
      size="small"
      pagination={false}
      scroll={{ x: 720 }}
      dataSource={[...rows]}
      columns={[
        { title: t('compliance.readiness.condition'), dataIndex: 'title' },
        {
          title: t('compliance.readiness.state'),
          render: (_value, row) => <Tag color={conditionColors[row.state]}>{t(`compliance.readiness.states.${row.state}`)}</Tag>,
        },
        { title: t('compliance.readiness.evidence'), dataIndex: 'evidence' },
        { title: t('compliance.readiness.missing'), className: 'short-head', dataIndex: 'missing' },
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
            <span className="soft">{row.basis}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Duties(): ReactNode {
  const { t } = useTranslation();
  const duties = useEvidence('duties');
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

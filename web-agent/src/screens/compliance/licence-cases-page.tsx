import { Alert, Button, Table } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Loaded, Page } from '../../components/page.js';
import { useMay } from '../../session/use-workplace.js';
import { useRefreshOn } from '../../session/use-server.js';
import { CaseOpening } from './case-opening.js';
import { CaseUrgency } from './case-urgency.js';
import { LicenceCaseView } from './licence-case-view.js';
import { SixItemsView } from './six-items-view.js';
import { TemplatesPanel } from './templates-panel.js';
import { useEvidence } from './use-evidence.js';
import type { LicenceCase } from '../../../../services/shared/contracts/api/evidence/licence-cases.js';

/** The cases in which the licensee faces the authority: which are open, which should be, and what each requires. */
export default function LicenceCasesPage(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const [address, setAddress] = useSearchParams();
  const [opening, setOpening] = useState<{ readonly kind: LicenceCase['kind']; readonly year?: number } | null>(null);
  useRefreshOn('evidence', ['evidence.']);
  const cases = useEvidence('cases');
  const chosen = cases.data?.cases.find(({ caseId }) => caseId === address.get('case'));
  return (
    <Page
      title={chosen === undefined ? t('licenceCases.title') : `${chosen.title} ${chosen.caseId}`}
      testId="licence-cases-page"
      actions={
        chosen !== undefined ? (
          <Button onClick={() => setAddress({})}>{t('licenceCases.back')}</Button>
        ) : (
          may('registry.edit') && (
            <Button type="primary" onClick={() => setOpening({ kind: 'application' })} data-testid="open-case">
              {t('licenceCases.open')}
            </Button>
          )
        )
      }
    >
      <Loaded query={cases}>
        {({ cases: rows, due }) =>
          chosen !== undefined && address.get('show') === 'six-items' ? (
            <SixItemsView onBack={() => setAddress({ case: chosen.caseId })} />
          ) : chosen !== undefined ? (
            <LicenceCaseView of={chosen} onSix={() => setAddress({ case: chosen.caseId, show: 'six-items' })} />
          ) : (
            <div className="stack">
              <p className="soft">{t('licenceCases.text')}</p>
              {due.map(({ kind, dueOn, words, year }) => (
                <Alert
                  key={`${kind} ${words}`}
                  type="warning"
                  showIcon
                  title={`${t('licenceCases.dueTitle')} · ${t(`licenceCases.kinds.${kind}`)}`}
                  description={[words, dueOn].filter((each) => each !== '').join(' · ')}
                  action={
                    may('registry.edit') && (
                      <Button size="small" onClick={() => setOpening(year === 0 ? { kind } : { kind, year })}>
                        {t('licenceCases.open')}
                      </Button>
                    )
                  }
                />
              ))}
              {rows.length === 0 ? (
                <p className="soft">{t('licenceCases.empty')}</p>
              ) : (
                <CaseTable rows={rows} onOpen={(caseId) => setAddress({ case: caseId })} />
              )}
              {may('registry.edit') && <TemplatesPanel />}
            </div>
          )
        }
      </Loaded>
      {opening !== null && (
        <CaseOpening
          {...opening}
          taken={cases.data?.cases.map(({ caseId }) => caseId) ?? []}
          onClose={(caseId) => {
            setOpening(null);
            if (caseId !== undefined) setAddress({ case: caseId });
          }}
        />
      )}
    </Page>
  );
}

function CaseTable({ rows, onOpen }: { readonly rows: readonly LicenceCase[]; readonly onOpen: (caseId: string) => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <Table<LicenceCase>
      rowKey="caseId"
      size="small"
      pagination={{ pageSize: 20, hideOnSinglePage: true }}
      scroll={{ x: 640 }}
      dataSource={[...rows]}
      data-testid="cases"
      columns={[
        {
          title: t('licenceCases.title'),
          render: (_value, row) => (
            <Button type="link" className="plain-button" onClick={() => onOpen(row.caseId)}>
              {row.title} {row.caseId}
            </Button>
          ),
        },
        {
          title: t('licenceCases.scope'),
          render: (_value, { scope, province }) => (scope === 'nationwide' ? t('licenceCases.scopes.nationwide') : province || '–'),
        },
        {
          title: t('licenceCases.due'),
          render: (_value, row) => (
            <>
              <span className="figures">{row.dueOn || t('licenceCases.noDue')}</span> <CaseUrgency of={row} />
            </>
          ),
        },
        {
          title: t('licenceCases.progress'),
          render: (_value, { ready, items }) => t('licenceCases.readyOf', { ready, all: items.length }),
        },
        { title: t('licenceCases.owner'), render: (_value, { owner }) => owner || '–' },
      ]}
    />
  );
}

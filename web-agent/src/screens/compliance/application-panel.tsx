import { Table, Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Loaded } from '../../components/page.js';
import { useEvidence } from './use-evidence.js';
import type { Material, Stage } from '../../../../services/shared/contracts/api/evidence/evidence-state.js';

const stateColors = { ready: 'green', missing: 'red', 'not-needed': 'default', 'to-sign': 'gold' } as const;

/** The application: each material with its state and where it comes from, each stage with its dates. Both are entered in the registers. */
export function ApplicationPanel(): ReactNode {
  const { t } = useTranslation();
  const workspace = useEvidence('application');
  return (
    <section className="panel" data-testid="application">
      <Loaded query={workspace}>
        {({ workspace: { materials, stages, ready } }) => (
          <div className="stack">
            <div className="row">
              <h2 className="grow">{t('compliance.application.title', { ready, all: materials.length })}</h2>
              <Link to="/registry?register=materials">{t('compliance.application.enterMaterials')}</Link>
              <Link to="/registry?register=stages">{t('compliance.application.enterStages')}</Link>
            </div>
            <Table<Material>
              rowKey="id"
              size="small"
              pagination={false}
              scroll={{ x: 560 }}
              dataSource={[...materials]}
              columns={[
                { title: t('compliance.application.material'), dataIndex: 'title' },
                {
                  title: t('compliance.readiness.state'),
                  render: (_value, row) => <Tag color={stateColors[row.state]}>{t(`compliance.application.states.${row.state}`)}</Tag>,
                },
                { title: t('compliance.application.source'), render: (_value, row) => t(`compliance.application.sources.${row.source}`) },
                { title: t('compliance.application.from'), dataIndex: 'from' },
              ]}
            />
            <Table<Stage>
              rowKey="id"
              size="small"
              pagination={false}
              scroll={{ x: 560 }}
              dataSource={[...stages]}
              columns={[
                { title: t('compliance.application.stage'), dataIndex: 'title' },
                { title: t('compliance.application.began'), render: (_value, row) => row.beganOn || '–' },
                { title: t('compliance.application.due'), render: (_value, row) => row.dueOn || '–' },
                { title: t('compliance.application.ended'), render: (_value, row) => row.endedOn || '–' },
              ]}
            />
          </div>
        )}
      </Loaded>
    </section>
  );
}

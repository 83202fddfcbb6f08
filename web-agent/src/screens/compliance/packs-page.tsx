import { Alert, Button, DatePicker, Form, Progress, Select, Table, Typography } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Loaded, Page } from '../../components/page.js';
import { saveBlob } from '../../components/save-blob.js';
import { sizeText, timeText } from '../../components/times.js';
import { useChange, useRead, useRefreshOn } from '../../session/use-server.js';
import { useApp, useMay } from '../../session/use-workplace.js';

const kinds = ['licence', 'inspection', 'annual'] as const;

interface Pack {
  readonly packId: string;
  readonly number: number;
  readonly kind: (typeof kinds)[number];
  readonly from: string;
  readonly to: string;
  readonly madeAt: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly fileName: string;
}

interface Job {
  readonly jobId: string;
  readonly kind: (typeof kinds)[number];
  readonly step: string;
  readonly done: number;
  readonly total: number;
  readonly state: 'running' | 'sealed' | 'failed';
  readonly reason?: string;
}

/** Sealed packs and the ones that are being made. A pack can be left alone while it is made. */
export default function PacksPage(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { session } = useApp();
  useRefreshOn('evidence', ['evidence.']);
  const packs = useRead<{ packs: readonly Pack[]; jobs: readonly Job[] }>('/evidence/packs');
  const running = (packs.data?.jobs ?? []).filter(({ state }) => state !== 'sealed').slice(0, 5);
  return (
    <Page
      title={t('compliance.packs.title')}
      testId="packs-page"
      actions={<Link to="/readiness">{t('compliance.packs.readinessFirst')}</Link>}
    >
      <div className="stack">
        {may('evidence.make') && <OrderForm />}
        {running.map((job) => (
          <section key={job.jobId} className="panel" data-testid={`job-${job.state}`}>
            {job.state === 'failed' ? (
              <Alert type="error" showIcon title={t('compliance.packs.failed')} description={job.reason} />
            ) : (
              <>
                <span>
                  {t(`compliance.packs.kinds.${job.kind}`)}: {job.step}
                </span>
                <Progress percent={job.total === 0 ? 0 : Math.round((100 * job.done) / job.total)} aria-label={job.step} />
              </>
            )}
          </section>
        ))}
        <Loaded query={packs} isEmpty={({ packs: rows }) => rows.length === 0} empty={t('compliance.packs.empty')}>
          {({ packs: rows }) => (
            <Table<Pack>
              rowKey="packId"
              size="middle"
              pagination={{ pageSize: 20, hideOnSinglePage: true }}
              scroll={{ x: 'max-content' }}
              dataSource={[...rows]}
              columns={[
                { title: t('compliance.packs.number'), dataIndex: 'number', align: 'right' },
                { title: t('compliance.packs.kind'), render: (_value, row) => t(`compliance.packs.kinds.${row.kind}`) },
                {
                  title: t('compliance.packs.period'),
                  render: (_value, row) => <span className="figures">{`${row.from} – ${row.to}`}</span>,
                },
                { title: t('compliance.packs.made'), render: (_value, row) => <span className="figures">{timeText(row.madeAt)}</span> },
                { title: t('compliance.packs.size'), align: 'right', render: (_value, row) => sizeText(row.sizeBytes) },
                {
                  title: t('calls.hash'),
                  render: (_value, row) => (
                    <Typography.Text code copyable={{ text: row.sha256 }}>
                      {row.sha256.slice(0, 12)}
                    </Typography.Text>
                  ),
                },
                {
                  title: '',
                  render: (_value, row) => (
                    <Button
                      size="small"
                      onClick={() =>
                        void session.fetchBlob(`/evidence/packs/${row.packId}/download`).then(
                          (blob) => saveBlob(blob, row.fileName),
                          () => undefined,
                        )
                      }
                    >
                      {t('shell.download')}
                    </Button>
                  ),
                },
              ]}
            />
          )}
        </Loaded>
      </div>
    </Page>
  );
}

function OrderForm(): ReactNode {
  const { t } = useTranslation();
  const order = useChange('evidence');
  return (
    <section className="panel">
      <h2>{t('compliance.packs.order')}</h2>
      <Form<{ kind: string; period: readonly [Dayjs, Dayjs] }>
        layout="inline"
        initialValues={{
          kind: 'inspection',
          period: [dayjs().subtract(1, 'month').startOf('month'), dayjs().subtract(1, 'month').endOf('month')],
        }}
        onFinish={({ kind, period: [from, to] }) =>
          order.mutate({
            method: 'POST',
            path: '/evidence/packs',
            body: { kind, from: from.format('YYYY-MM-DD'), to: to.format('YYYY-MM-DD') },
          })
        }
      >
        <Form.Item name="kind" label={t('compliance.packs.kind')}>
          <Select className="short" options={kinds.map((value) => ({ value, label: t(`compliance.packs.kinds.${value}`) }))} />
        </Form.Item>
        <Form.Item name="period" label={t('compliance.packs.period')}>
          <DatePicker.RangePicker allowClear={false} />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={order.isPending} data-testid="order-pack">
          {t('compliance.packs.make')}
        </Button>
      </Form>
    </section>
  );
}

import { Alert, Button, DatePicker, Input, Modal, Progress, Space, Table, Tag, Typography } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Loaded, Page } from '../../components/page.js';
import { saveBlob } from '../../components/save-blob.js';
import { sizeText, timeText } from '../../components/time/times.js';
import { siteNow } from '../../components/time/site-days.js';
import { useChange, useRead, useRefreshOn } from '../../session/use-server.js';
import { useApp, useMay } from '../../session/use-workplace.js';
import { languageNames, OrderForm } from './pack-order.js';
import { PackView } from './pack-view.js';
import type { PackRecord } from '../../../../services/shared/contracts/api/evidence/packs.js';

type Pack = PackRecord;

/** Sealed packs and those in progress. The page may be left while a pack is made. */
export default function PacksPage(): ReactNode {
  const { t, i18n } = useTranslation();
  const may = useMay();
  useRefreshOn('evidence', ['evidence.']);
  const packs = useRead('/evidence/packs');
  const [filing, setFiling] = useState<Pack | null>(null);
  const [verdict, setVerdict] = useState<Pack | null>(null);
  /** `document:quality` -> "setting the document: service quality". */
  const stepOf = (step: string): string => {
    const [kind = '', id] = step.split(':');
    return id === undefined
      ? t(`compliance.packs.steps.${kind}`, { defaultValue: kind })
      : t('compliance.packs.steps.document', { name: t(`compliance.packs.documents.${id}`, { defaultValue: id }) });
  };
  const reasonOf = (reason = 'failed'): string =>
    i18n.exists(`compliance.packs.reasons.${reason}`) ? t(`compliance.packs.reasons.${reason}`) : t('compliance.packs.reasons.failed');
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
              <Alert type="error" showIcon title={t('compliance.packs.failed')} description={reasonOf(job.reason)} />
            ) : (
              <>
                <span>
                  {t(`compliance.packs.kinds.${job.kind}`)}
                  {t('compliance.packs.colon')}
                  {stepOf(job.step)}
                </span>
                <Progress percent={job.total === 0 ? 0 : Math.round((100 * job.done) / job.total)} aria-label={stepOf(job.step)} />
              </>
            )}
          </section>
        ))}
        <Loaded query={packs} isEmpty={({ packs: rows }) => rows.length === 0} empty={t('compliance.packs.empty')}>
          {({ packs: rows }) => <PackTable rows={rows} onCheck={setVerdict} onFile={setFiling} />}
        </Loaded>
      </div>
      {filing !== null && <FileForm pack={filing} onClose={() => setFiling(null)} />}
      {verdict !== null && <PackView packId={verdict.packId} onClose={() => setVerdict(null)} />}
    </Page>
  );
}

function KindOfPack({ pack: { kind, drawn } }: { readonly pack: Pack }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      {t(`compliance.packs.kinds.${kind}`)}
      {drawn !== undefined && (
        <div>
          <Tag title={t('packOrder.drawnTitle', drawn)}>{t('packOrder.drawn', { count: drawn.count })}</Tag>
        </div>
      )}
    </>
  );
}

function PackTable({
  rows,
  onCheck,
  onFile,
}: {
  readonly rows: readonly Pack[];
  readonly onCheck: (pack: Pack) => void;
  readonly onFile: (pack: Pack) => void;
}): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { session } = useApp();
  return (
    <Table<Pack>
      rowKey="packId"
      size="small"
      pagination={{ pageSize: 20, hideOnSinglePage: true }}
      scroll={{ x: 'max-content' }}
      dataSource={[...rows]}
      columns={[
        { title: t('compliance.packs.number'), dataIndex: 'number', align: 'right' },
        { title: t('compliance.packs.kind'), render: (_value, row) => <KindOfPack pack={row} /> },
        { title: t('compliance.packs.language'), render: (_value, row) => languageNames[row.language ?? 'zh-CN'] },
        {
          title: t('compliance.packs.period'),
          render: (_value, row) => <span className="figures">{`${row.from} – ${row.to}`}</span>,
        },
        {
          title: t('compliance.packs.made'),
          render: (_value, row) => <span className="figures">{timeText(row.madeAt).slice(0, 16)}</span>,
        },
        { title: t('compliance.packs.size'), align: 'right', render: (_value, row) => sizeText(row.sizeBytes) },
        {
          title: t('calls.hash'),
          render: (_value, row) => (
            <Typography.Text code copyable={{ text: row.sha256 }}>
              {row.sha256.slice(0, 8)}
            </Typography.Text>
          ),
        },
        {
          title: t('compliance.packs.stamp'),
          render: (_value, { stamp }) =>
            stamp === undefined ? (
              <span className="soft">–</span>
            ) : !('missing' in stamp) ? (
              <span className="figures">{timeText(stamp.at)}</span>
            ) : (
              <Tag color="gold" title={stamp.missing}>
                {t('compliance.packs.noStamp')}
              </Tag>
            ),
        },
        {
          title: '',
          render: (_value, row) => (
            <Space>
              <Button
                size="small"
                disabled={row.drawn !== undefined && !may('recordings.download')}
                onClick={() =>
                  void session.api.file('/evidence/packs/:packId/download', { params: { packId: row.packId } }).then(
                    (blob) => saveBlob(blob, row.fileName),
                    () => undefined,
                  )
                }
              >
                {t('shell.download')}
              </Button>
              <Button size="small" onClick={() => onCheck(row)} data-testid="check-pack">
                {t('compliance.packs.check')}
              </Button>
              {row.filed !== undefined ? (
                <Tag color="green">{t('compliance.packs.filed', { day: row.filed.filedOn })}</Tag>
              ) : (
                may('evidence.make') &&
                row.annual !== undefined &&
                row.to.endsWith('-12-31') && (
                  <Button size="small" onClick={() => onFile(row)}>
                    {t('compliance.packs.file')}
                  </Button>
                )
              )}
            </Space>
          ),
        },
      ]}
    />
  );
}

/** Records that an annual report was filed: from then on it never changes, and the next year is compared with it. */
function FileForm({ pack, onClose }: { readonly pack: Pack; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const [day, setDay] = useState<Dayjs>(siteNow);
  const [note, setNote] = useState('');
  const file = useChange('evidence', onClose);
  return (
    <Modal
      open
      title={t('compliance.packs.fileTitle', { year: pack.annual?.year })}
      okText={t('compliance.packs.file')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ disabled: note.trim() === '', loading: file.isPending }}
      onCancel={onClose}
      onOk={() =>
        file.mutate({
          route: 'POST /evidence/packs/:packId/file',
          params: { packId: pack.packId },
          body: { filedOn: day.format('YYYY-MM-DD'), note: note.trim() },
        })
      }
    >
      <div className="stack">
        <p className="soft">{t('compliance.packs.fileText')}</p>
        <DatePicker
          allowClear={false}
          value={day}
          onChange={(next) => setDay(next ?? siteNow())}
          aria-label={t('compliance.packs.fileDay')}
        />
        <Input
          value={note}
          placeholder={t('compliance.packs.fileNote')}
          aria-label={t('compliance.packs.fileNote')}
          onChange={({ target }) => setNote(target.value)}
        />
      </div>
    </Modal>
  );
}

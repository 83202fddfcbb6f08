import { App, Button, Descriptions, Popconfirm, Progress, Table, Tag, Upload } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { timeText } from '../../components/time/times.js';
import { useExport } from '../../components/use-export.js';
import { useChange, useFailureWords, useRead, useReadAgain } from '../../session/use-server.js';
import { useApp, useMay } from '../../session/use-workplace.js';
import { EntryForm } from '../registry/entry-form.js';
import { CaseUrgency } from './case-urgency.js';
import type { CaseItem, CaseStep, LicenceCase } from '../../../../services/shared/contracts/api/evidence/licence-cases.js';

const stateColors = {
  ready: 'green',
  incomplete: 'red',
  'to-sign': 'gold',
  'to-edit': 'gold',
  missing: 'red',
  'not-needed': 'default',
} as const;
const stepColors = { done: 'green', next: 'blue', open: 'default', overdue: 'red' } as const;

/** One case: its due day, who does what by when, each material with its state and files, and the bundle at the end. */
export function LicenceCaseView({ of, onSix }: { readonly of: LicenceCase; readonly onSix: () => void }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const [editing, setEditing] = useState(false);
  return (
    <div className="stack" data-testid="licence-case">
      <section className="panel">
        <div className="row">
          <h2 className="grow">
            {of.title} <CaseUrgency of={of} />
          </h2>
          {of.kind === 'inspection' && (
            <Button onClick={onSix} data-testid="open-six">
              {t('licenceCases.six.open')}
            </Button>
          )}
          {may('registry.edit') && (
            <Button onClick={() => setEditing(true)} data-testid="edit-case">
              {t('licenceCases.edit')}
            </Button>
          )}
        </div>
        <Descriptions
          size="small"
          column={{ xs: 1, md: 2, xl: 3 }}
          items={[
            { key: 'due', label: t('licenceCases.due'), children: `${of.dueOn || t('licenceCases.noDue')} · ${of.dueWords}` },
            { key: 'authority', label: t('licenceCases.authority'), children: of.authority },
            { key: 'basis', label: t('licenceCases.basis'), children: of.basis },
            {
              key: 'scope',
              label: t('licenceCases.scope'),
              children: of.scope === 'nationwide' ? t('licenceCases.scopes.nationwide') : of.province || '–',
            },
            { key: 'owner', label: t('licenceCases.owner'), children: of.owner || '–' },
            {
              key: 'ready',
              label: t('licenceCases.progress'),
              children: t('licenceCases.readyOf', { ready: of.ready, all: of.items.length }),
            },
          ]}
        />
      </section>
      <Bundle of={of} />
      <Steps steps={of.steps} />
      <Materials of={of} />
      {editing && <CaseForm caseId={of.caseId} onClose={() => setEditing(false)} />}
    </div>
  );
}

/** The row of the case in its register, with every date. */
function CaseForm({ caseId, onClose }: { readonly caseId: string; readonly onClose: () => void }): ReactNode {
  const readAgain = useReadAgain();
  const registers = useRead('/registry');
  const rows = useRead('/registry/:register', { params: { register: 'cases' } });
  const register = registers.data?.registers.find(({ name }) => name === 'cases');
  const entry = rows.data?.entries.find(({ key }) => key === caseId);
  if (register === undefined || entry === undefined) return null;
  const close = (): void => {
    void readAgain('evidence');
    onClose();
  };
  return <EntryForm register={register} entry={entry} onClose={close} />;
}

function Bundle({ of }: { readonly of: LicenceCase }): ReactNode {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const { session } = useApp();
  const give = useExport();
  const order = useChange<'POST /evidence/cases/:caseId/pack'>('evidence');
  const packs = useRead('/evidence/packs');
  const job = packs.data?.jobs.find(({ jobId }) => jobId === order.data?.jobId);
  const open = of.items.length - of.ready;
  const make = (): void =>
    order.mutate({
      route: 'POST /evidence/cases/:caseId/pack',
      params: { caseId: of.caseId },
      body: { language: i18n.language === 'en' ? 'en' : 'zh-CN' },
    });
  const { pack } = of;
  return (
    <section className="panel stack">
      <p className="soft">{t('licenceCases.makeHint')}</p>
      <div className="row">
        {may('evidence.make') && (
          <Popconfirm
            title={t('licenceCases.makeOpen', { count: open })}
            disabled={open === 0}
            okText={t('licenceCases.make')}
            cancelText={t('shell.cancel')}
            onConfirm={make}
          >
            <Button
              type="primary"
              loading={order.isPending}
              disabled={job?.state === 'running'}
              onClick={open === 0 ? make : undefined}
              data-testid="make-bundle"
            >
              {t('licenceCases.make')}
            </Button>
          </Popconfirm>
        )}
        {pack !== null && (
          <>
            <Button
              data-testid="download-bundle"
              onClick={() =>
                give(
                  session.api.file('/evidence/packs/:packId/submission', { params: { packId: pack.packId } }),
                  `${of.caseId}-${pack.packId}.zip`,
                )
              }
            >
              {t('licenceCases.download')}
            </Button>
            <span className="soft">{t('licenceCases.madeAt', { time: timeText(pack.madeAt), pack: pack.packId })}</span>
          </>
        )}
      </div>
      {job?.state === 'running' && (
        <>
          <p className="soft">{t('licenceCases.making')}</p>
          <Progress percent={job.total === 0 ? 0 : Math.round((100 * job.done) / job.total)} aria-label={t('licenceCases.making')} />
        </>
      )}
      {job?.state === 'failed' && <p className="bad">{t('licenceCases.failed')}</p>}
    </section>
  );
}

function Steps({ steps }: { readonly steps: readonly CaseStep[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <section className="panel">
      <h2>{t('licenceCases.steps')}</h2>
      <Table<CaseStep>
        rowKey="id"
        size="small"
        pagination={false}
        scroll={{ x: 560 }}
        dataSource={[...steps]}
        data-testid="case-steps"
        columns={[
          {
            title: t('licenceCases.step'),
            render: (_value, { title, basis }) => (
              <>
                {title} <span className="soft">{basis}</span>
              </>
            ),
          },
          { title: t('licenceCases.who'), dataIndex: 'who', width: 110 },
          { title: t('licenceCases.due'), className: 'figures', width: 110, render: (_value, { dueOn }) => dueOn || '–' },
          { title: t('licenceCases.done'), className: 'figures', width: 110, render: (_value, { doneOn }) => doneOn || '–' },
          {
            title: t('licenceCases.state'),
            width: 90,
            render: (_value, { state }) => <Tag color={stepColors[state]}>{t(`licenceCases.stepStates.${state}`)}</Tag>,
          },
        ]}
      />
    </section>
  );
}

function Materials({ of }: { readonly of: LicenceCase }): ReactNode {
  const { t } = useTranslation();
  // Numbered as in the bundle, which leaves out what is not needed.
  const numbered = of.items.filter(({ state }) => state !== 'not-needed');
  return (
    <section className="panel">
      <div className="row">
        <h2 className="grow">{t('licenceCases.materials')}</h2>
        <Link to="/registry">{t('licenceCases.registers')}</Link>
      </div>
      <Table<CaseItem>
        rowKey="id"
        size="small"
        pagination={false}
        scroll={{ x: 720 }}
        dataSource={[...of.items]}
        data-testid="case-items"
        columns={[
          { title: t('licenceCases.number'), width: 60, align: 'right', render: (_value, row) => numbered.indexOf(row) + 1 || '–' },
          {
            title: t('licenceCases.material'),
            render: (_value, { title, basis, gaps }) => (
              <>
                <div>{title}</div>
                <div className="soft">{basis}</div>
                {gaps.map((gap) => (
                  <div key={gap} className="bad">
                    {gap}
                  </div>
                ))}
              </>
            ),
          },
          {
            title: t('licenceCases.state'),
            width: 110,
            render: (_value, { state }) => <Tag color={stateColors[state]}>{t(`licenceCases.states.${state}`)}</Tag>,
          },
          { title: t('licenceCases.source'), width: 150, render: (_value, { source }) => t(`licenceCases.sources.${source}`) },
          {
            title: t('licenceCases.who'),
            width: 130,
            render: (_value, { who, dueOn }) => (
              <>
                <div>{who}</div>
                <div className="soft figures">{dueOn}</div>
              </>
            ),
          },
          { title: t('licenceCases.files'), width: 240, render: (_value, item) => <Files item={item} /> },
        ]}
      />
    </section>
  );
}

function Files({ item }: { readonly item: CaseItem }): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const may = useMay();
  const wordsOf = useFailureWords();
  const { session } = useApp();
  const give = useExport();
  const readAgain = useReadAgain();
  const withdraw = useChange<'POST /registry/attachments/:attachmentId/withdraw'>('evidence');
  const { uploadTo } = item;

  async function upload(file: File): Promise<void> {
    if (uploadTo === null) return;
    const { register, key, item: of, rowExists } = uploadTo;
    try {
      if (!rowExists)
        await session.api.send('POST /registry/:register', {
          params: { register },
          body: { values: { materialId: key, state: 'uploaded' } },
        });
      const query = new URLSearchParams({ register, key, fileName: file.name, ...(of === undefined ? {} : { item: of }) });
      await session.api.send('POST /registry/attachments', { query, file });
    } catch (error) {
      void message.error(wordsOf(error), 6);
    }
    await readAgain('evidence');
  }

  return (
    <div className="stack">
      {item.files.map(({ attachmentId, fileName }) => (
        <span key={attachmentId} className="row">
          <Button
            type="link"
            className="plain-button file-name"
            onClick={() => give(session.api.file('/registry/attachments/:attachmentId', { params: { attachmentId } }), fileName)}
          >
            {fileName}
          </Button>
          {may('registry.edit') && (
            <Popconfirm
              title={t('licenceCases.withdrawAsk')}
              okText={t('licenceCases.withdraw')}
              cancelText={t('shell.cancel')}
              onConfirm={() => withdraw.mutate({ route: 'POST /registry/attachments/:attachmentId/withdraw', params: { attachmentId } })}
            >
              <Button size="small" type="text">
                {t('licenceCases.withdraw')}
              </Button>
            </Popconfirm>
          )}
        </span>
      ))}
      {uploadTo !== null && may('registry.edit') && (
        <Upload
          showUploadList={false}
          beforeUpload={(file) => {
            void upload(file);
            return false;
          }}
        >
          <Button size="small" data-testid={`upload-${item.id}`}>
            {t('licenceCases.upload')}
          </Button>
        </Upload>
      )}
    </div>
  );
}

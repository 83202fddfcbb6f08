import { PauseCircleOutlined, PlayCircleOutlined, StopOutlined } from '@ant-design/icons';
import { Alert, Button, Drawer, Input, Modal, Segmented, Space, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { campaignHalts, campaignTemplate, type CampaignHalt } from '../../../../../services/shared/domain/calls/campaign.js';
import { DataTable } from '../../../components/data-table.js';
import { Loaded } from '../../../components/page.js';
import { pageQuery, usePaging } from '../../../components/paging.js';
import { timeText } from '../../../components/time/times.js';
import type { AnswerOf } from '../../../session/api.js';
import { useChange, useRead, useReadAgain } from '../../../session/use-server.js';
import { useApp, useMay } from '../../../session/use-workplace.js';
import { Field } from '../../administer/fields.js';
import { useAgentNames } from '../../seat/agent-names.js';
import { useQueueName } from '../../seat/queue-names.js';
import { PAGE_ROWS, type CampaignView } from '../calling-out.js';
import { CampaignForm } from './campaign-form.js';
import { CampaignProgress } from './campaign-progress.js';
import { CampaignResults, ExportRows } from './campaign-results.js';
import { ListImport } from './list-import.js';

type Row = AnswerOf<'GET /campaigns/:id/rows'>['rows'][number];

const READ_EVERY_MS = 2_000;
const SHORTEST_REASON = 3;
const colours = { draft: undefined, running: 'green', paused: 'gold', stopped: 'red', finished: 'blue' } as const;

/** For an outbound call, the unavailable service is the trunk; an internal error of a row means that its seal could not be opened. */
const whyWords = (why: NonNullable<Row['why']>) =>
  why === 'service-unavailable'
    ? ('campaigns.noChannel' as const)
    : why === 'internal'
      ? ('campaigns.unread' as const)
      : (`failures.${why}` as const);

/** Campaigns with consent: their lists, their progress, and the buttons that pause and stop them. */
export function Campaigns(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const read = useRead('/campaigns', { everyMs: READ_EVERY_MS });
  const [making, setMaking] = useState(false);
  const [openId, setOpenId] = useState<string | null>(null);
  const open = read.data?.campaigns.find(({ id }) => id === openId);
  return (
    <section className="panel stack" data-testid="campaigns">
      <div className="row">
        {may('outbound.edit') && (
          <Button type="primary" onClick={() => setMaking(true)} data-testid="make-campaign">
            {t('campaigns.make')}
          </Button>
        )}
        <span className="soft">{t('campaigns.hint')}</span>
      </div>
      <Loaded query={read} isEmpty={({ campaigns }) => campaigns.length === 0} empty={t('campaigns.empty')}>
        {({ campaigns }) => (
          <DataTable<CampaignView>
            rowKey="id"
            size="middle"
            scroll={{ x: 'max-content' }}
            dataSource={[...campaigns]}
            pagination={false}
            columns={[
              {
                title: t('campaigns.name'),
                render: (_value, { id, name }) => (
                  <Button type="link" size="small" onClick={() => setOpenId(id)} data-testid={`campaign-${id}`}>
                    {name}
                  </Button>
                ),
              },
              { title: t('callingOut.state'), render: (_value, campaign) => <CampaignState campaign={campaign} /> },
              { title: t('campaigns.mode'), render: (_value, { mode }) => t(`campaigns.modes.${mode}`) },
              { title: t('callingOut.purpose'), render: (_value, { purpose }) => t(`seat.dial.purposes.${purpose}`) },
              {
                title: t('campaigns.done'),
                render: (_value, { counts }) => (
                  <span className="figures">
                    {counts.done} / {counts.all}
                  </span>
                ),
              },
              { title: t('campaigns.outcomes.reached'), render: (_value, { counts }) => <span className="figures">{counts.reached}</span> },
              { title: t('campaigns.outcomes.refused'), render: (_value, { counts }) => <span className="figures">{counts.refused}</span> },
              { title: t('campaigns.actions'), render: (_value, campaign) => <CampaignButtons campaign={campaign} /> },
            ]}
          />
        )}
      </Loaded>
      {making && <CampaignForm onClose={() => setMaking(false)} />}
      {open !== undefined && <CampaignDrawer campaign={open} onClose={() => setOpenId(null)} />}
    </section>
  );
}

function CampaignState({ campaign: { state, waits } }: { readonly campaign: CampaignView }): ReactNode {
  const { t } = useTranslation();
  const colour = colours[state];
  return (
    <span className="row nowrap">
      <Tag {...(colour === undefined ? {} : { color: colour })} data-testid="campaign-state">
        {t(`campaigns.states.${state}`)}
      </Tag>
      {state === 'running' && waits !== undefined && <Tag color="gold">{t('campaigns.waitsShort')}</Tag>}
    </span>
  );
}

function CampaignButtons({ campaign }: { readonly campaign: CampaignView }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const change = useChange('campaigns');
  const [halting, setHalting] = useState<Turn | null>(null);
  const { id, state } = campaign;
  if (!may('outbound.edit') || state === 'stopped' || state === 'finished') return null;
  return (
    <Space>
      {state === 'running' ? (
        <Button size="small" icon={<PauseCircleOutlined />} onClick={() => setHalting('pause')} data-testid="pause-campaign">
          {t('campaigns.pause')}
        </Button>
      ) : (
        <Button
          size="small"
          type="primary"
          icon={<PlayCircleOutlined />}
          loading={change.isPending}
          onClick={() =>
            state === 'paused' ? setHalting('goOn') : change.mutate({ route: 'POST /campaigns/:id/start', params: { id }, body: {} })
          }
          data-testid="start-campaign"
        >
          {t(state === 'draft' ? 'campaigns.start' : 'campaigns.goOn')}
        </Button>
      )}
      <Button size="small" danger icon={<StopOutlined />} onClick={() => setHalting('stop')} data-testid="stop-campaign">
        {t('campaigns.stop')}
      </Button>
      {halting !== null && <HaltSheet campaign={campaign} how={halting} onClose={() => setHalting(null)} />}
    </Space>
  );
}

/** Steps that need a reason. */
type Turn = 'pause' | 'stop' | 'goOn';

const haltOf = (reason: string): CampaignHalt =>
  reason === campaignHalts['campaign-complaints'] ? 'campaign-complaints' : 'campaign-refusals';

function HaltSheet({
  campaign: { id, name },
  how,
  onClose,
}: {
  readonly campaign: CampaignView;
  readonly how: Turn;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const change = useChange('campaigns', onClose);
  const halt = (): void => {
    const asked = { params: { id }, body: { reason: reason.trim() } };
    if (how === 'goOn') change.mutate({ route: 'POST /campaigns/:id/start', ...asked });
    else
      change.mutate(how === 'pause' ? { route: 'POST /campaigns/:id/pause', ...asked } : { route: 'POST /campaigns/:id/stop', ...asked });
  };
  return (
    <Modal
      open
      title={t('campaigns.haltTitle', { how: t(`campaigns.${how}`), name })}
      okText={t(`campaigns.${how}`)}
      cancelText={t('shell.cancel')}
      okButtonProps={{ danger: how === 'stop', disabled: reason.trim().length < SHORTEST_REASON, 'data-testid': 'confirm-halt' }}
      confirmLoading={change.isPending}
      onCancel={onClose}
      onOk={halt}
    >
      <div className="stack">
        <span>{t(`campaigns.${how}Text`)}</span>
        <Field label={t('shell.reasonOfThree')}>
          {(field) => (
            <Input id={field} value={reason} maxLength={200} onChange={({ target }) => setReason(target.value)} data-testid="halt-reason" />
          )}
        </Field>
      </div>
    </Modal>
  );
}

/** One campaign: its progress, why it does not go on, and its rows. */
function CampaignDrawer({ campaign, onClose }: { readonly campaign: CampaignView; readonly onClose: () => void }): ReactNode {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const queueName = useQueueName(i18n.language);
  const [importing, setImporting] = useState(false);
  const [changing, setChanging] = useState(false);
  const { id, name, state, waits, reason, changedAt, changedByName, from, queueId, counts } = campaign;
  const isOver = state === 'stopped' || state === 'finished';
  const [part, setPart] = useState<'rows' | 'results'>('rows');
  return (
    <Drawer open size={960} title={name} onClose={onClose} data-testid="campaign">
      <div className="stack">
        <div className="row">
          <CampaignState campaign={campaign} />
          <CampaignButtons campaign={campaign} />
          {may('outbound.edit') && !isOver && (
            <Button size="small" onClick={() => setImporting(true)} data-testid="import-rows">
              {t('campaigns.import')}
            </Button>
          )}
          {may('outbound.edit') && (state === 'draft' || state === 'paused') && (
            <Button size="small" onClick={() => setChanging(true)} data-testid="change-campaign">
              {t('shell.edit')}
            </Button>
          )}
        </div>
        {state === 'running' && waits !== undefined && (
          <Alert type="warning" showIcon title={t('campaigns.waits', { why: t(whyWords(waits.why)) })} data-testid="campaign-waits" />
        )}
        {reason !== undefined && (
          <Alert
            type="info"
            showIcon
            title={t('campaigns.because', {
              reason: changedByName === '' ? t(`campaigns.halts.${haltOf(reason)}`) : reason,
              by: changedByName === '' ? t('campaigns.watch') : changedByName,
              at: timeText(changedAt),
            })}
          />
        )}
        <div className="soft">{t('campaigns.about', { from, queue: queueName(queueId) })}</div>
        <CampaignProgress counts={counts} isStopped={state === 'stopped'} />
        <Segmented
          className="filters"
          value={part}
          aria-label={t('campaigns.results.parts')}
          options={[
            { value: 'rows', label: t('campaigns.results.rows') },
            { value: 'results', label: t('campaigns.results.title') },
          ]}
          onChange={setPart}
        />
        {part === 'rows' ? <CampaignRows campaign={campaign} /> : <CampaignResults id={id} />}
      </div>
      {importing && <RowImport id={id} onClose={() => setImporting(false)} />}
      {changing && <CampaignForm campaign={campaign} onClose={() => setChanging(false)} />}
    </Drawer>
  );
}

function RowImport({ id, onClose }: { readonly id: string; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const readAgain = useReadAgain();
  return (
    <ListImport
      title={t('campaigns.import')}
      hint={t('campaigns.importHint')}
      template={campaignTemplate}
      name="campaign"
      send={async (file, commit) => {
        const asked = { params: { id }, query: { fileName: file.name, commit }, file };
        const report = await session.api.send('POST /campaigns/:id/import', asked);
        if (commit === 'yes') await readAgain('campaigns');
        return report;
      }}
      faultWords={(fault) => t(`campaigns.faults.${fault}`)}
      columnWords={(column) => t(`campaigns.columns.${column}`)}
      onClose={onClose}
    />
  );
}

const shown = ['all', 'waiting', 'presented', 'dialling', 'done'] as const;

/** Each person of the list, with the outcome of the last attempt or why it was not dialled. */
function CampaignRows({ campaign }: { readonly campaign: CampaignView }): ReactNode {
  const { t } = useTranslation();
  const names = useAgentNames();
  const { id } = campaign;
  const isStopped = campaign.state === 'stopped';
  const [state, setState] = useState<(typeof shown)[number]>('all');
  const [page, setPage] = useState(1);
  const paging = usePaging(page, PAGE_ROWS, setPage);
  const query = new URLSearchParams({ ...pageQuery(page, PAGE_ROWS), ...(state === 'all' ? {} : { state }) });
  const read = useRead('/campaigns/:id/rows', { params: { id }, query, everyMs: READ_EVERY_MS });
  return (
    <div className="stack" data-testid="campaign-rows">
      <div className="row">
        <Segmented
          className="filters"
          value={state}
          aria-label={t('callingOut.state')}
          options={shown.map((value) => ({ value, label: value === 'all' ? t('shell.all') : t(`campaigns.rowStates.${value}`) }))}
          onChange={(next) => {
            setState(next);
            setPage(1);
          }}
        />
        <ExportRows id={id} name={campaign.name} state={state === 'all' ? undefined : state} />
      </div>
      <Loaded
        query={read}
        isEmpty={({ rows }) => rows.length === 0}
        empty={t(campaign.counts.all === 0 ? 'campaigns.noList' : 'campaigns.noRows')}
      >
        {({ rows, total }) => (
          <DataTable<Row>
            rowKey="id"
            size="small"
            scroll={{ x: 'max-content' }}
            dataSource={[...rows]}
            pagination={paging(total)}
            columns={[
              { title: t('callingOut.consents.line'), dataIndex: 'line', className: 'figures' },
              { title: t('callingOut.number'), dataIndex: 'numberMasked', className: 'figures' },
              {
                title: t('callingOut.state'),
                render: (_value, row) =>
                  t(isStopped && row.state === 'waiting' ? 'campaigns.neverCalled' : `campaigns.rowStates.${row.state}`),
              },
              { title: t('campaigns.lastTry'), className: 'wrap-words', render: (_value, row) => <LastTry row={row} /> },
              { title: t('campaigns.tries'), dataIndex: 'tries', className: 'figures' },
              {
                title: t('campaigns.next'),
                render: (_value, row) => (!isStopped && isForLater(row) ? timeText(row.notBefore).slice(0, 16) : ''),
              },
              {
                title: t('campaigns.agent'),
                render: (_value, { agentId }) => (agentId === undefined ? '' : (names.get(agentId) ?? agentId)),
              },
              { title: t('campaigns.result'), render: (_value, { result }) => result?.join(' › ') ?? '' },
            ]}
          />
        )}
      </Loaded>
    </div>
  );
}

/** A waiting row may be dialled at once, or not before a time. */
const isForLater = ({ state, notBefore }: Row): boolean => state === 'waiting' && Date.parse(notBefore) > Date.now();

function LastTry({ row: { outcome, why, skipped } }: { readonly row: Row }): ReactNode {
  const { t } = useTranslation();
  const skip = skipped === undefined ? undefined : t(`campaigns.skipReasons.${skipped}`);
  return (
    <span className="row">
      {outcome !== undefined && <Tag>{t(`campaigns.outcomes.${outcome}`)}</Tag>}
      {why !== undefined && <span data-testid="why-not">{t(whyWords(why))}</span>}
      {skip !== undefined && <span>{skip}</span>}
    </span>
  );
}

import { PauseCircleOutlined, PlayCircleOutlined, StopOutlined } from '@ant-design/icons';
import { Alert, Button, Drawer, Input, Modal, Segmented, Space, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { campaignHalts, campaignTemplate, type CampaignHalt } from '../../../../../services/shared/domain/calls/campaign.js';
import { DataTable } from '../../../components/data-table.js';
import { Loaded } from '../../../components/page.js';
import { timeText } from '../../../components/time/times.js';
import { useChange, useRead, useReadAgain } from '../../../session/use-server.js';
import { useApp, useMay } from '../../../session/use-workplace.js';
import { Field } from '../../administer/fields.js';
import { useQueueName } from '../../seat/queue-names.js';
import { minuteText, type CampaignView } from '../calling-out.js';
import { copyOf } from './campaign-draft.js';
import { CampaignForm } from './campaign-form.js';
import { CampaignProgress } from './campaign-progress.js';
import { CampaignResults } from './campaign-results.js';
import { whyWords } from './campaign-row.js';
import { CampaignRows } from './campaign-rows.js';
import { ListImport } from './list-import.js';

const READ_EVERY_MS = 2_000;
const SHORTEST_REASON = 3;
const colours = { draft: undefined, running: 'green', paused: 'gold', stopped: 'red', finished: 'blue' } as const;

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
  const [changing, setChanging] = useState<'edit' | 'copy' | null>(null);
  const { id, name, state, waits, reason, changedAt, changedByName, from, queueId, hours, counts } = campaign;
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
            <Button size="small" onClick={() => setChanging('edit')} data-testid="change-campaign">
              {t('shell.edit')}
            </Button>
          )}
          {may('outbound.edit') && (
            <Button size="small" onClick={() => setChanging('copy')} data-testid="copy-campaign">
              {t('campaigns.copy')}
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
        <div className="soft">
          {t('campaigns.about', { from, queue: queueName(queueId) })}
          {hours !== undefined && ` · ${t('campaigns.aboutHours', { from: minuteText(hours.fromMinute), to: minuteText(hours.toMinute) })}`}
        </div>
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
      {changing === 'edit' && <CampaignForm campaign={campaign} onClose={() => setChanging(null)} />}
      {changing === 'copy' && <CampaignForm like={copyOf(campaign, t('campaigns.copyName', { name }))} onClose={() => setChanging(null)} />}
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

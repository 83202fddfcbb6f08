import { Button, Form, Input, Modal, Select, Table, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../../components/page.js';
import { SipLadder } from '../../../components/sip-ladder.js';
import { timeText } from '../../../components/time/times.js';
import type { AnswerOf } from '../../../session/api.js';
import { useChange, useRead } from '../../../session/use-server.js';
import { useMay } from '../../../session/use-workplace.js';

type Traces = AnswerOf<'GET /sip-traces'>;
type Leg = Traces['legs'][number];

const KB = 1024;
const MB = KB * KB;
const REFRESH_EVERY_MS = 5_000;
/** The duration in minutes. */
const LASTS = [15, 60, 240, 1_440];
const FIRST_LASTS = 60;

/** Current traces, and stored messages: started and ended by people with the right, read by readers of traces. */
export function SipTracesPanel(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const traces = useRead('/sip-traces', { everyMs: REFRESH_EVERY_MS });
  const [asking, setAsking] = useState(false);
  const [legId, setLegId] = useState<string | null>(null);
  return (
    <section className="panel stack" data-testid="sip-traces">
      <div className="row panel-head">
        <h2 className="grow">{t('sipTraces.title')}</h2>
        {may('traces.ask') && (
          <Button onClick={() => setAsking(true)} data-testid="sip-traces-ask">
            {t('sipTraces.ask')}
          </Button>
        )}
      </div>
      <Loaded query={traces}>
        {({ orders, kept, legs }) => (
          <>
            <p className="soft">{t('sipTraces.hint', { hours: kept.hours, limit: kept.limitBytes / MB })}</p>
            {orders.length === 0 ? <p>{t('sipTraces.none')}</p> : <Orders orders={orders} />}
            {legs.length > 0 && (
              <>
                <p className="figures">{t('sipTraces.kept', { legs: kept.legs, used: Math.ceil(kept.bytes / KB) })}</p>
                <Legs legs={legs} onOpen={setLegId} />
              </>
            )}
          </>
        )}
      </Loaded>
      {asking && <AskForm onClose={() => setAsking(false)} />}
      {legId !== null && <LegLadder legId={legId} onClose={() => setLegId(null)} />}
    </section>
  );
}

function Orders({ orders }: { readonly orders: Traces['orders'] }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const end = useChange<'DELETE /sip-traces/:id'>('sip-traces');
  return (
    <ul aria-label={t('sipTraces.orders')} className="stack" style={{ margin: 0, padding: 0, listStyle: 'none' }}>
      {orders.map(({ id, kind, trunkId, numberMasked, reason, until }) => (
        <li key={id} className="row" data-testid="sip-trace-order">
          <Tag>{t(`sipTraces.scopes.${kind}`)}</Tag>
          <span className="figures">{trunkId ?? numberMasked}</span>
          <span className="figures">{t('sipTraces.until', { time: timeText(until) })}</span>
          <span className="soft">{reason}</span>
          {may('traces.ask') && (
            <Button size="small" onClick={() => end.mutate({ route: 'DELETE /sip-traces/:id', params: { id } })} loading={end.isPending}>
              {t('sipTraces.end')}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

function Legs({ legs, onOpen }: { readonly legs: readonly Leg[]; readonly onOpen: (legId: string) => void }): ReactNode {
  const { t } = useTranslation();
  const figures = (text: string): ReactNode => <span className="figures">{text}</span>;
  return (
    <Table<Leg>
      rowKey="legId"
      size="small"
      scroll={{ x: 'max-content' }}
      pagination={{ pageSize: 10, hideOnSinglePage: true, showSizeChanger: false }}
      dataSource={[...legs]}
      columns={[
        { title: t('sipTraces.started'), render: (_value, { startedAt }) => figures(timeText(startedAt)) },
        { title: t('sipTraces.direction'), render: (_value, { direction }) => t(`sipTraces.directions.${direction}`) },
        { title: t('sipTraces.trunk'), dataIndex: 'trunkId' },
        { title: t('sipTraces.from'), render: (_value, { fromMasked }) => figures(fromMasked) },
        { title: t('sipTraces.to'), render: (_value, { toMasked }) => figures(toMasked) },
        {
          title: '',
          render: (_value, { legId }) => (
            <Button size="small" onClick={() => onOpen(legId)} data-testid="sip-leg-open">
              {t('sipTraces.open')}
            </Button>
          ),
        },
      ]}
    />
  );
}

function LegLadder({ legId, onClose }: { readonly legId: string; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const ladder = useRead('/sip-traces/legs/:legId', { params: { legId } });
  return (
    <Modal open title={t('sipTraces.ladder')} footer={null} onCancel={onClose} width={820}>
      <Loaded query={ladder}>{(read) => <SipLadder ladder={read} />}</Loaded>
    </Modal>
  );
}

interface AskFields {
  readonly kind: 'all' | 'trunk' | 'number';
  readonly trunkId?: string;
  readonly number?: string;
  readonly minutes: number;
  readonly reason: string;
}

function AskForm({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const [form] = Form.useForm<AskFields>();
  const kind = Form.useWatch('kind', form) ?? 'trunk';
  const trunks = useRead('/trunks', { enabled: may('flows.edit') });
  const ask = useChange<'POST /sip-traces'>('sip-traces', onClose);
  const send = ({ kind: chosen, trunkId = '', number = '', minutes, reason }: AskFields): void => {
    const scope = chosen === 'trunk' ? { kind: chosen, trunkId } : chosen === 'number' ? { kind: chosen, number } : { kind: chosen };
    ask.mutate({ route: 'POST /sip-traces', body: { scope, minutes, reason } });
  };
  return (
    <Modal
      open
      title={t('sipTraces.ask')}
      okText={t('sipTraces.ask')}
      cancelText={t('shell.cancel')}
      onCancel={onClose}
      onOk={() => form.submit()}
      okButtonProps={{ loading: ask.isPending, 'data-testid': 'sip-traces-begin' }}
    >
      <Form<AskFields> form={form} layout="vertical" initialValues={{ kind: 'trunk', minutes: FIRST_LASTS }} onFinish={send}>
        <Form.Item name="kind" label={t('sipTraces.scope')}>
          <Select options={(['trunk', 'number', 'all'] as const).map((value) => ({ value, label: t(`sipTraces.scopes.${value}`) }))} />
        </Form.Item>
        {kind === 'trunk' && (
          <Form.Item name="trunkId" label={t('sipTraces.trunk')} rules={[{ required: true }]}>
            <Select options={(trunks.data?.trunks ?? []).map(({ id, name }) => ({ value: id, label: `${name} (${id})` }))} />
          </Form.Item>
        )}
        {kind === 'number' && (
          <Form.Item
            name="number"
            label={t('sipTraces.number')}
            extra={t('sipTraces.numberHint')}
            rules={[{ required: true, min: 3, message: t('sipTraces.numberWrong') }]}
          >
            <Input inputMode="tel" />
          </Form.Item>
        )}
        <Form.Item name="minutes" label={t('sipTraces.lasts')}>
          <Select
            options={LASTS.map((value) => ({
              value,
              label: value < 60 ? t('sipTraces.minutes', { count: value }) : t('sipTraces.hours', { count: value / 60 }),
            }))}
          />
        </Form.Item>
        <Form.Item
          name="reason"
          label={t('shell.reason')}
          rules={[{ required: true, min: 3, whitespace: true, message: t('sipTraces.reasonWrong') }]}
        >
          <Input data-testid="sip-traces-reason" />
        </Form.Item>
      </Form>
    </Modal>
  );
}

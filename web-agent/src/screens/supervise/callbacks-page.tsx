import { Button, Input, Modal, Select, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { AgentSnapshot } from '../../../../services/shared/contracts/calls/commands.js';
import type { SeatCallback } from '../../../../services/shared/contracts/workspace.js';
import { useCallerName } from '../../components/names/caller-name.js';
import { useNow } from '../../components/time/elapsed.js';
import { LongName } from '../../components/names/long-name.js';
import { Loaded, Page } from '../../components/page.js';
import { listed } from '../../i18n/language.js';
import { timeText } from '../../components/time/times.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useQueueName } from '../seat/queue-names.js';
import type { Callback } from '../../../../services/shared/contracts/api/calls/routing.js';
import { DataTable } from '../../components/data-table.js';

const READ_EVERY_MS = 15_000;
const SHORTEST_REASON = 3;
/** In the list of agents: a callback that belongs to nobody in particular. */
const ANYBODY = '';

/** Open callbacks that were promised to callers: at the seats, and in the queues. */
export default function CallbacksPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <Page title={t('callbacks.title')} testId="callbacks-page">
      <div className="stack">
        <section className="panel" data-testid="promised">
          <h2>{t('callbacks.promised')}</h2>
          <Promised />
        </section>
        <section className="panel" data-testid="keeping-place">
          <h2>{t('callbacks.keeping')}</h2>
          <KeepingPlace />
        </section>
      </div>
    </Page>
  );
}

function Promised(): ReactNode {
  const { t, i18n } = useTranslation();
  const callerName = useCallerName();
  const queueName = useQueueName(i18n.language);
  const now = useNow(READ_EVERY_MS);
  const agents = useRead('/agents/board').data?.agents ?? [];
  const read = useRead('/callbacks/promised', { everyMs: READ_EVERY_MS });
  const change = useChange('callbacks');
  const assign = (id: string, agentId: string): void =>
    change.mutate({ route: 'POST /callbacks/:id/assign', params: { id }, body: agentId === ANYBODY ? {} : { agentId } });
  const close = (id: string, state: 'done' | 'cancelled'): void =>
    change.mutate({ route: 'POST /callbacks/:id/close', params: { id }, body: { state } });
  return (
    <Loaded query={read} isEmpty={({ callbacks }) => callbacks.length === 0} empty={t('callbacks.promisedEmpty')}>
      {({ callbacks }) => (
        <DataTable<SeatCallback>
          rowKey="id"
          size="middle"
          scroll={{ x: 'max-content' }}
          pagination={{ pageSize: 20, hideOnSinglePage: true, showTotal: (count) => t('shell.total', { count }) }}
          dataSource={[...callbacks]}
          columns={[
            {
              title: t('callbacks.due'),
              render: (_value, { dueAt }) => (
                <span className="figures">
                  {timeText(dueAt).slice(0, 16)} {Date.parse(dueAt) <= now && <Tag color="red">{t('callbacks.overdue')}</Tag>}
                </span>
              ),
            },
            {
              title: t('callbacks.caller'),
              render: (_value, { callId, callerMasked }) => <Link to={`/calls/${callId}`}>{callerName(callerMasked)}</Link>,
            },
            { title: t('calls.queue'), render: (_value, { queueId }) => <LongName name={queueName(queueId)} /> },
            {
              title: t('callbacks.whose'),
              render: (_value, { id, agentId = ANYBODY, queueId }) => (
                <Select
                  className="short"
                  value={agentId}
                  aria-label={t('callbacks.whose')}
                  showSearch={{ optionFilterProp: 'label' }}
                  options={[
                    ...(queueId === undefined ? [] : [{ value: ANYBODY, label: t('callbacks.anybody') }]),
                    ...choicesOf(agents, queueId, agentId),
                  ]}
                  onChange={(next) => assign(id, next)}
                  data-testid={`whose-${id}`}
                />
              ),
            },
            { title: t('callbacks.tries'), align: 'right', render: (_value, { tries }) => tries.length },
            {
              title: t('callbacks.note'),
              className: 'wrap-words',
              render: (_value, { note, also = [] }) => (
                <>
                  {note}
                  {also.length > 0 && (
                    <div className="soft">
                      {t('callbacks.also', {
                        count: also.length,
                        queues: listed([...new Set(also.map(({ queueId }) => queueName(queueId)))], i18n),
                      })}
                    </div>
                  )}
                </>
              ),
            },
            {
              title: '',
              render: (_value, { id }) => (
                <div className="row nowrap">
                  <Button size="small" onClick={() => close(id, 'done')} data-testid={`done-${id}`}>
                    {t('callbacks.done')}
                  </Button>
                  <Button size="small" onClick={() => close(id, 'cancelled')}>
                    {t('callbacks.cancel')}
                  </Button>
                </div>
              ),
            },
          ]}
        />
      )}
    </Loaded>
  );
}

/** Seats that serve the queue, and the one that has the callback now. */
function choicesOf(
  agents: readonly AgentSnapshot[],
  queueId: string | undefined,
  whose: string,
): readonly { readonly value: string; readonly label: string }[] {
  const fitting = agents.filter(({ agentId, queues }) => agentId === whose || queueId === undefined || queues.includes(queueId));
  const known = fitting.map(({ agentId, name }) => ({ value: agentId, label: name }));
  return whose === ANYBODY || known.some(({ value }) => value === whose) ? known : [...known, { value: whose, label: whose }];
}

type Keeping = Callback;

function KeepingPlace(): ReactNode {
  const { t, i18n } = useTranslation();
  const queueName = useQueueName(i18n.language);
  const read = useRead('/callbacks', { query: { open: 'yes', limit: 200 }, everyMs: READ_EVERY_MS });
  const [ending, setEnding] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const cancel = useChange('callbacks', () => {
    setEnding(null);
    setReason('');
  });
  return (
    <>
      <Loaded query={read} isEmpty={({ callbacks }) => callbacks.length === 0} empty={t('callbacks.keepingEmpty')}>
        {({ callbacks }) => (
          <DataTable<Keeping>
            rowKey="callId"
            size="middle"
            scroll={{ x: 'max-content' }}
            pagination={{ pageSize: 20, hideOnSinglePage: true }}
            dataSource={[...callbacks]}
            columns={[
              {
                title: t('callbacks.askedAt'),
                render: (_value, { callId, askedAt }) => <Link to={`/calls/${callId}`}>{timeText(askedAt)}</Link>,
              },
              { title: t('calls.queue'), render: (_value, { queueId }) => <LongName name={queueName(queueId)} /> },
              { title: t('callbacks.state'), render: (_value, { state }) => t(`callbacks.states.${state}`) },
              { title: t('callbacks.tries'), align: 'right', dataIndex: 'tries' },
              { title: t('callbacks.notBefore'), render: (_value, { notBefore }) => timeText(notBefore).slice(0, 16) },
              {
                title: '',
                render: (_value, { callId, state }) => (
                  <Button size="small" disabled={state !== 'waiting'} onClick={() => setEnding(callId)} data-testid={`cancel-${callId}`}>
                    {t('callbacks.cancel')}
                  </Button>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      <Modal
        open={ending !== null}
        title={t('callbacks.cancel')}
        okText={t('callbacks.cancel')}
        cancelText={t('shell.cancel')}
        okButtonProps={{ disabled: reason.trim().length < SHORTEST_REASON, 'data-testid': 'confirm-cancel' }}
        confirmLoading={cancel.isPending}
        onCancel={() => setEnding(null)}
        onOk={() =>
          cancel.mutate({ route: 'POST /callbacks/:callId/cancel', params: { callId: ending ?? '' }, body: { reason: reason.trim() } })
        }
      >
        <Input
          value={reason}
          maxLength={200}
          aria-label={t('shell.reasonOfThree')}
          placeholder={t('callbacks.cancelReason')}
          onChange={({ target }) => setReason(target.value)}
          data-testid="cancel-reason"
        />
      </Modal>
    </>
  );
}

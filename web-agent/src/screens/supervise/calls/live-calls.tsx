import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { sidesOf } from '../../../../../services/shared/domain/calls/call-sides.js';
import { callerName } from '../../../components/names/caller-name.js';
import { LongName } from '../../../components/names/long-name.js';
import { timeText } from '../../../components/time/times.js';
import type { AnswerOf } from '../../../session/api.js';
import { useRead } from '../../../session/use-server.js';
import { useAgentNames } from '../../seat/agent-names.js';
import { useQueueName } from '../../seat/queue-names.js';
import { DataTable } from '../../../components/data-table.js';

type LiveCall = AnswerOf<'GET /calls/live'>['calls'][number];

const READ_EVERY_MS = 5_000;
const PAGE_ROWS = 10;

export const useLiveCalls = (): readonly LiveCall[] | undefined => useRead('/calls/live', { everyMs: READ_EVERY_MS }).data?.calls;

/** Calls in progress, each with a link to its page; only those of one queue when it is named. */
export function LiveCalls({ queueId }: { readonly queueId: string | null }): ReactNode {
  const { t, i18n } = useTranslation();
  const names = useAgentNames();
  const queueName = useQueueName(i18n.language);
  const all = useLiveCalls();
  if (all === undefined) return null;
  const calls = queueId === null ? all : all.filter((call) => call.queueId === queueId);
  return (
    <section className="panel stack" aria-label={t('calls.now.title')} data-testid="live-calls">
      <div className="row">
        <h2>{t('calls.now.title')}</h2>
        <Tag color="blue" data-testid="live-count">
          {t('calls.state.live', { count: calls.length })}
        </Tag>
      </div>
      {calls.length === 0 ? (
        <p className="soft">{t('calls.now.none')}</p>
      ) : (
        <DataTable<LiveCall>
          rowKey="callId"
          size="small"
          dataSource={[...calls].sort((a, b) => a.since.localeCompare(b.since))}
          scroll={{ x: 'max-content' }}
          pagination={calls.length > PAGE_ROWS ? { pageSize: PAGE_ROWS, showSizeChanger: false } : false}
          columns={[
            {
              title: t('calls.now.since'),
              render: (_value, { callId, since }) => (
                <Link to={`/calls/${callId}`} className="figures" data-testid={`live-${callId}`}>
                  {timeText(since)}
                </Link>
              ),
            },
            { title: t('calls.now.state'), render: (_value, { state }) => t(`calls.now.stages.${state}`) },
            { title: t('calls.caller'), render: (_value, call) => callerName(sidesOf(call).caller, t) },
            { title: t('calls.called'), render: (_value, call) => callerName(sidesOf(call).called, t) },
            { title: t('calls.queue'), render: (_value, call) => <LongName name={queueName(call.queueId)} /> },
            { title: t('calls.agent'), render: (_value, { agentId = '' }) => names.get(agentId) ?? agentId },
          ]}
        />
      )}
    </section>
  );
}

import { Tag, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { timeText } from '../../../components/time/times.js';
import { useAgentNames } from '../../seat/agent-names.js';
import { MaskedNumber } from './unmask.js';
import type { ShownCall } from './call-so-far.js';
import { DataTable } from '../../../components/data-table.js';

type OutsideLeg = ShownCall['dialled'][number];

/** Every leg of a call to an outside number: who dialled it and how, and its outcome. */
export function OutsideLegs({ call, isEnded }: { readonly call: ShownCall; readonly isEnded: boolean }): ReactNode {
  const { t } = useTranslation();
  const names = useAgentNames();
  const time = (at: string | null | undefined): ReactNode => <span className="figures">{at ? timeText(at).slice(11) : '—'}</span>;
  return (
    <section className="panel stack" data-testid="outside-legs">
      <h2>{t('leaving.legs.title')}</h2>
      <DataTable<OutsideLeg>
        rowKey="attemptId"
        size="middle"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={[...call.dialled]}
        columns={[
          { title: t('leaving.legs.way'), render: (_value, { way }) => t(`leaving.ways.${way}`) },
          {
            title: t('leaving.legs.who'),
            render: (_value, { agentId }) => (agentId ? (names.get(agentId) ?? agentId) : t('leaving.legs.system')),
          },
          {
            title: t('leaving.legs.number'),
            // The leg of a call out itself leads to the number above, whose button shows it.
            render: (_value, { numberMasked, attemptId, ...leg }) =>
              isEnded && !isOwn(leg) ? (
                <MaskedNumber callId={call.callId} attemptId={attemptId} masked={numberMasked} />
              ) : (
                <span className="figures">{numberMasked}</span>
              ),
          },
          {
            title: t('leaving.legs.from'),
            render: (_value, { from, trunkId }) => (
              <span className="figures">
                {from} <span className="soft">{trunkId}</span>
              </span>
            ),
          },
          {
            title: t('leaving.legs.rules'),
            render: (_value, { emergency, rulesVersion, attemptId, freeReason }) => (
              <div>
                {emergency ? <Tag color="gold">{t('leaving.legs.emergency')}</Tag> : null}
                {freeReason ? (
                  <div data-testid="free-reason">
                    <Tag color="gold">{t('freeDial.tag')}</Tag>
                    {freeReason}
                  </div>
                ) : null}
                {typeof rulesVersion === 'number' && <span>{t('leaving.legs.rulesVersion', { version: rulesVersion })} </span>}
                <Typography.Text className="soft" copyable={{ text: attemptId }}>
                  {t('leaving.legs.permit', { id: attemptId })}
                </Typography.Text>
              </div>
            ),
          },
          { title: t('leaving.legs.dialled'), render: (_value, { at }) => time(at) },
          { title: t('leaving.legs.ringing'), render: (_value, { ringingAt }) => time(ringingAt) },
          { title: t('leaving.legs.answered'), render: (_value, { answeredAt }) => time(answeredAt) },
          // The leg of the outbound call or callback itself heard the notice of the call.
          { title: t('leaving.legs.told'), render: (_value, leg) => time(leg.noticeEndedAt ?? (isOwn(leg) ? call.noticeEndedAt : null)) },
          { title: t('leaving.legs.ended'), render: (_value, { endedAt }) => time(endedAt) },
          {
            title: t('leaving.legs.outcome'),
            render: (_value, { answeredAt, failure }) => (
              <Tag color={failure ? 'gold' : 'default'}>
                {failure
                  ? t(`leaving.legs.failures.${failure}`, { defaultValue: t('leaving.legs.unanswered') })
                  : t(answeredAt ? 'leaving.legs.talked' : 'leaving.legs.unanswered')}
              </Tag>
            ),
          },
        ]}
      />
      {call.dialled.some((leg) => !isOwn(leg)) && <p className="soft">{t('leaving.legs.recorded')}</p>}
    </section>
  );
}

const isOwn = ({ way }: Pick<OutsideLeg, 'way'>): boolean => way === 'call-out' || way === 'callback';

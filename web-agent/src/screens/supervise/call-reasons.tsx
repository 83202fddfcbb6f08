import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../components/page.js';
import { clockText, timeText } from '../../components/times.js';
import { useRead } from '../../session/use-server.js';
import { useAgentNames } from '../seat/agent-names.js';

interface Decision {
  readonly decisionId: string;
  readonly at: string;
  readonly queueId: string;
  readonly waitedMs: number;
  readonly considered: readonly {
    readonly agentId: string;
    readonly verdict: 'chosen' | 'ranked-lower' | 'skipped';
    readonly reason?: string;
  }[];
}

const colors = { chosen: 'green', 'ranked-lower': 'blue', skipped: 'default' } as const;

/** Every decision of routing on this call: who was considered, who was skipped and why. */
export function RoutingReasons({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  const names = useAgentNames();
  const decisions = useRead<{ decisions: readonly Decision[] }>(`/routing/decisions/${encodeURIComponent(callId)}`);
  return (
    <section className="panel" data-testid="routing-reasons">
      <h2>{t('supervise.routing.title')}</h2>
      <Loaded query={decisions} isEmpty={({ decisions: list }) => list.length === 0} empty={t('supervise.routing.none')}>
        {({ decisions: list }) =>
          list.map((decision) => (
            <div key={decision.decisionId}>
              <p className="soft figures">
                {timeText(decision.at)} {decision.queueId} {t('supervise.routing.waited', { time: clockText(decision.waitedMs) })}
              </p>
              <ul className="plain">
                {decision.considered.map(({ agentId, verdict, reason }) => (
                  <li key={agentId} className="row">
                    <Tag color={colors[verdict]}>{t(`supervise.routing.${verdict}`)}</Tag>
                    <span>{names.get(agentId) ?? agentId}</span>
                    {reason !== undefined && (
                      <span className="soft">{t(`supervise.routing.reasons.${reason}`, { defaultValue: reason })}</span>
                    )}
                  </li>
                ))}
              </ul>
            </div>
          ))
        }
      </Loaded>
    </section>
  );
}

interface Survey {
  readonly invitation: { readonly at: string } | null;
  readonly answers: readonly {
    readonly answerId: string;
    readonly at: string;
    readonly score: number | null;
    readonly solved: boolean | null;
    readonly reason?: string;
  }[];
}

/** What the caller said of this call, every row of it. */
export function CallScore({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  const survey = useRead<Survey>(`/satisfaction/calls/${encodeURIComponent(callId)}`);
  return (
    <section className="panel" data-testid="call-score">
      <h2>{t('supervise.score.title')}</h2>
      <Loaded query={survey} isEmpty={({ invitation }) => invitation === null} empty={t('supervise.score.none')}>
        {({ answers }) =>
          answers.length === 0 ? (
            <p className="soft">{t('supervise.score.noAnswer')}</p>
          ) : (
            <ul className="plain">
              {answers.map((answer) => (
                <li key={answer.answerId} className="row">
                  <span className="figures soft">{timeText(answer.at)}</span>
                  {answer.score !== null && <strong>{t('supervise.score.value', { score: answer.score })}</strong>}
                  {answer.solved !== null && <span>{answer.solved ? t('supervise.score.solved') : t('supervise.score.notSolved')}</span>}
                  {answer.reason !== undefined && <span className="soft">{answer.reason}</span>}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

import { Collapse, Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../components/page.js';
import { clockText, timeText } from '../../components/time/times.js';
import { useRead } from '../../session/use-server.js';
import { useAgentNames } from '../seat/agent-names.js';
import { useQueueName } from '../seat/queue-names.js';
import type { AnswerOf } from '../../session/api.js';
import { listed } from '../../i18n/language.js';

type Waited = AnswerOf<'GET /routing/decisions/:callId'>;

/** A caller who was taken at once has no wait to explain. */
const LEAST_WAIT_MS = 1_000;

const verdictColors = { chosen: 'green', 'ranked-lower': 'blue', skipped: 'default' } as const;

/** "Why did this caller wait 94 s?": the wait as stretches, each with its cause; below, every decision with all who were considered. */
export function WaitReasons({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  const waited = useRead('/routing/decisions/:callId', { params: { callId } });
  return (
    <section className="panel" data-testid="routing-reasons">
      <h2>{t('supervise.routing.title')}</h2>
      <Loaded query={waited} isEmpty={({ entries }) => entries.length === 0} empty={t('supervise.routing.none')}>
        {(read) => (
          <div className="stack">
            <Stretches {...read.explanation} />
            <Decisions entries={read.entries} />
          </div>
        )}
      </Loaded>
    </section>
  );
}

function Stretches({ waitedMs, outcome, agentId, spans }: Waited['explanation']): ReactNode {
  const { t, i18n } = useTranslation();
  const names = useAgentNames();
  const queueName = useQueueName(i18n.language);
  const named = (id: string): string => names.get(id) ?? id;
  return (
    <>
      <p className="figures" data-testid="wait-total">
        <strong>{t('supervise.routing.total', { time: clockText(waitedMs) })}</strong>{' '}
        {outcome !== undefined && t(`supervise.routing.outcomes.${outcome}`, { defaultValue: outcome })}{' '}
        {agentId !== undefined && named(agentId)}
      </p>
      {waitedMs < LEAST_WAIT_MS ? null : (
        <>
          <div className="wait-bar" role="img" aria-label={t('supervise.routing.total', { time: clockText(waitedMs) })}>
            {spans.map((span) => (
              <span key={span.fromMs} data-cause={span.cause} style={{ flexGrow: Math.max(1, span.toMs - span.fromMs) }} />
            ))}
          </div>
          <ol className="plain" data-testid="wait-spans">
            {spans.map((span) => (
              <li key={span.fromMs} className="wait-span">
                <span className="wait-dot" data-cause={span.cause} aria-hidden />
                <span className="figures">{clockText(span.toMs - span.fromMs)}</span>
                <div>
                  <strong>{t(`supervise.routing.causes.${span.cause}`)}</strong> {listed(span.agents.map(named), i18n)}
                  <div className="soft">
                    {[
                      queueName(span.queueId),
                      ...(span.ahead > 0 ? [t('supervise.routing.ahead', { count: span.ahead })] : []),
                      ...Object.entries(span.skipped).map(([reason, count]) => `${skipWords(reason, t)} ${count}`),
                    ].join(' · ')}
                  </div>
                </div>
              </li>
            ))}
          </ol>
        </>
      )}
    </>
  );
}

function Decisions({ entries }: Pick<Waited, 'entries'>): ReactNode {
  const { t } = useTranslation();
  const names = useAgentNames();
  const looks = entries.filter(({ considered }) => considered !== undefined && considered.length > 0);
  return (
    <Collapse
      size="small"
      items={[
        {
          key: 'decisions',
          label: `${t('supervise.routing.decisions')} (${looks.length})`,
          children: looks.map(({ entryId, at, waitedMs, considered = [] }) => (
            <div key={entryId}>
              <p className="soft figures">
                {timeText(at)} {t('supervise.routing.waited', { time: clockText(waitedMs) })}
              </p>
              <ul className="plain">
                {considered.map(({ agentId, verdict, reason, state }) => (
                  <li key={agentId} className="row">
                    <Tag color={verdictColors[verdict]}>{t(`supervise.routing.${verdict}`)}</Tag>
                    <span>{names.get(agentId) ?? agentId}</span>
                    {reason !== undefined && (
                      <span className="soft">{skipWords(state === undefined ? reason : `not-ready:${state}`, t)}</span>
                    )}
                  </li>
                ))}
              </ul>
            </div>
          )),
        },
      ]}
    />
  );
}

/** `not-ready:on-call` is shown as the state, every other reason as itself. */
export function skipWords(reason: string, t: ReturnType<typeof useTranslation>['t']): string {
  const [why = '', state] = reason.split(':');
  return state === undefined ? t(`supervise.routing.reasons.${why}`, { defaultValue: why }) : t(`seat.state.${state}`);
}

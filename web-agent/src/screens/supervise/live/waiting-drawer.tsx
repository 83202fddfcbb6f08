import { Drawer, Empty } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useCallerName } from '../../../components/names/caller-name.js';
import { Elapsed } from '../../../components/time/elapsed.js';
import { useRead } from '../../../session/use-server.js';
import { useAgentNames } from '../../seat/agent-names.js';
import { useLiveCalls } from '../calls/live-calls.js';
import { skipWords } from '../wait-reasons.js';
import { lastReason, waitingIn, type LiveCall } from './waiting.js';
import { listed } from '../../../i18n/language.js';

const READ_EVERY_MS = 3_000;
/** Each caller is one question to routing; those further behind wait for the same reason. */
const MOST_EXPLAINED = 20;

/** Who waits in a queue, how long, and why nobody takes the call. */
export default function WaitingDrawer({
  queueId,
  name,
  onClose,
}: {
  readonly queueId: string;
  readonly name: string;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const waiting = waitingIn(useLiveCalls() ?? [], queueId);
  return (
    <Drawer open size={520} title={t('supervise.waiting.title', { queue: name })} onClose={onClose}>
      <div className="stack" data-testid="waiting-callers">
        {waiting.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('supervise.waiting.nobody')} />}
        {waiting.map((call, place) => (
          <Caller key={call.callId} call={call} isExplained={place < MOST_EXPLAINED} />
        ))}
        <Link to={`/calls?queueId=${encodeURIComponent(queueId)}`}>{t('supervise.waiting.calls')}</Link>
      </div>
    </Drawer>
  );
}

function Caller({ call, isExplained }: { readonly call: LiveCall; readonly isExplained: boolean }): ReactNode {
  const { t } = useTranslation();
  const callerName = useCallerName();
  return (
    <section className="question" data-testid={`waits-${call.callId}`}>
      <div className="row">
        <Link to={`/calls/${call.callId}`} className="figures">
          {callerName(call.callerMasked)}
        </Link>
        <span className="figures">
          <Elapsed sinceMs={Date.parse(call.since)} />
        </span>
        <span className="soft">{t(`calls.now.stages.${call.state}`)}</span>
      </div>
      {isExplained && <Why callId={call.callId} />}
    </section>
  );
}

function Why({ callId }: { readonly callId: string }): ReactNode {
  const { t, i18n } = useTranslation();
  const names = useAgentNames();
  const read = useRead('/routing/decisions/:callId', { params: { callId }, everyMs: READ_EVERY_MS });
  const span = read.data === undefined ? undefined : lastReason(read.data.explanation);
  if (span === undefined) return <div className="soft">{t('supervise.waiting.notYet')}</div>;
  const beside = [
    ...(span.ahead > 0 ? [t('supervise.routing.ahead', { count: span.ahead })] : []),
    ...Object.entries(span.skipped).map(([reason, count]) => `${skipWords(reason, t)} ${count}`),
  ];
  return (
    <div data-testid="why-waits" data-why={span.cause}>
      <strong>{t(`supervise.routing.causes.${span.cause}`)}</strong>{' '}
      {listed(
        span.agents.map((id) => names.get(id) ?? id),
        i18n,
      )}
      {beside.length > 0 && <div className="soft">{beside.join(' · ')}</div>}
    </div>
  );
}

import { Alert } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePhonePart } from '../../../session/use-workplace.js';
import { useAgentNames } from '../agent-names.js';
import { useQueueName } from '../queue-names.js';

const bad: ReadonlySet<string> = new Set(['declined', 'no-answer', 'not-reached', 'refused']);

/** The outcome of the agent's last transfer; the agent is free meanwhile. */
export function HandedOverNote(): ReactNode {
  const { t, i18n } = useTranslation();
  const transfer = usePhonePart((phone) => phone.handedOver);
  const inCall = usePhonePart(({ calls }) => calls.length > 0);
  const names = useAgentNames();
  const queueName = useQueueName(i18n.language);
  if (transfer === null) return null;
  const { to, target, outcome, queueId } = transfer;
  const who = to === 'seat' ? (names.get(target) ?? target) : to === 'queue' ? queueName(target) : t('handOver.handedOver.number');
  const failed = outcome !== undefined && bad.has(outcome);
  // While the agent is in a call, the caller is still here.
  const isAway = failed && !inCall;
  const rest = queueId === undefined ? t('handOver.handedOver.parked') : t('handOver.handedOver.back', { queue: queueName(queueId) });
  return (
    <Alert
      role="status"
      type={outcome === 'answered' ? 'success' : failed ? 'warning' : 'info'}
      showIcon
      data-testid="handed-over"
      data-outcome={outcome ?? 'ringing'}
      title={
        outcome === 'refused'
          ? t('leaving.third.refused')
          : t(`handOver.handedOver.${outcome ?? (to === 'queue' ? 'queue' : 'ringing')}`, { who })
      }
      description={isAway ? rest : undefined}
    />
  );
}

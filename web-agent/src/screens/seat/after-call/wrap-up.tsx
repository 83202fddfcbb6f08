import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentSnapshot } from '../../../../../services/shared/contracts/calls/commands.js';
import { useNow } from '../../../components/time/elapsed.js';
import { clockText } from '../../../components/time/times.js';
import { usePhone } from '../../../session/use-workplace.js';
import { useSeatActions } from '../seat-actions.js';

/** The clock of the wrap-up, with what the queue allows: more time, or an early end. */
export function WrapUp({ agent }: { readonly agent: AgentSnapshot }): ReactNode {
  const { t } = useTranslation();
  const { phone } = usePhone();
  const act = useSeatActions();
  const now = useNow();
  const leftMs = agent.until === undefined ? null : Math.max(0, Date.parse(agent.until) - phone.clockOffsetMs - now);
  const owes = agent.undisposedCallId !== undefined;
  return (
    <div className="stack" data-testid="wrap-up-clock" data-owes={owes}>
      <div className="row">
        <span className="figures wrap-up-left">{leftMs === null ? t('contact.wrapUpOpen') : clockText(leftMs)}</span>
        {leftMs !== null && <span className="soft">{t('contact.wrapUpLeft')}</span>}
      </div>
      {owes && <div data-testid="result-owed">{t('contact.owed')}</div>}
      <div className="row">
        {agent.extendable === true && (
          <Button size="small" onClick={act.extendWrapUp} loading={phone.asking === 'agent:extend-wrap-up'} data-testid="extend-wrap-up">
            {t('seat.extend')}
          </Button>
        )}
        {!owes && (
          <Button
            size="small"
            type="primary"
            onClick={act.endWrapUp}
            loading={phone.asking === 'agent:set-state'}
            data-testid="end-wrap-up"
          >
            {t('contact.finish')}
          </Button>
        )}
      </div>
    </div>
  );
}

import { Alert, Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentSnapshot } from '../../../services/shared/contracts/calls/commands.js';

/** A supervisor changed this person's state, now or for after the call: who, and why. */
export default function DecidedNote({ agent: { state, forced, nextState, nextForced } }: { readonly agent: AgentSnapshot }): ReactNode {
  const { t } = useTranslation();
  const decided = nextForced ?? forced;
  if (decided === undefined) return null;
  const to = nextForced === undefined ? state : (nextState ?? state);
  return (
    <Alert
      banner
      showIcon
      type="info"
      data-testid="decided-note"
      data-pending={nextForced !== undefined}
      title={t(nextForced === undefined ? 'supervise.agents.decidedNow' : 'supervise.agents.decidedNext', {
        ...decided,
        state: t(`seat.state.${to}`),
      })}
      action={
        // The page reloads with a new audio session, as after any sign-in.
        state === 'signed-out' && (
          <Button size="small" onClick={() => window.location.reload()} data-testid="sign-in-again">
            {t('supervise.agents.signInAgain')}
          </Button>
        )
      }
    />
  );
}

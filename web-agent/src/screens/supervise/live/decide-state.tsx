import { Input, Modal, Radio } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentRow } from '../../../../../services/shared/contracts/queues/board.js';
import { forcedStates, type ForcedState } from '../../../../../services/shared/domain/people/agent-state.js';
import { useChange } from '../../../session/use-server.js';

/** Lets a supervisor change the state of an agent, with a reason that the agent reads. */
export function DecideState({ agent, onClose }: { readonly agent: AgentRow; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const [state, setState] = useState<ForcedState>(agent.state === 'ready' ? 'away' : 'ready');
  const [reason, setReason] = useState('');
  const change = useChange('agents', onClose);
  const waits = agent.state === 'on-call' || agent.state === 'offered';
  return (
    <Modal
      open
      title={t('supervise.agents.decide.title', { name: agent.name })}
      okText={t('supervise.agents.decide.ok')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ disabled: reason.trim().length < 3, 'data-testid': 'decide-ok' }}
      confirmLoading={change.isPending}
      onCancel={onClose}
      onOk={() =>
        change.mutate({
          route: 'POST /agents/:agentId/state',
          params: { agentId: agent.agentId },
          body: { state, reason: reason.trim() },
        })
      }
    >
      <div className="stack">
        <Radio.Group
          value={state}
          onChange={({ target }) => setState(target.value as ForcedState)}
          aria-label={t('supervise.agents.setState')}
          options={forcedStates.map((each) => ({
            value: each,
            label: (
              <span data-testid={`decide-${each}`}>
                {each === 'signed-out' ? t('supervise.agents.decide.signOut') : t(`seat.state.${each}`)}
              </span>
            ),
          }))}
        />
        <Input
          value={reason}
          maxLength={200}
          aria-label={t('supervise.agents.decide.reason')}
          placeholder={t('supervise.agents.decide.reason')}
          onChange={({ target }) => setReason(target.value)}
          data-testid="decide-reason"
        />
        <p className="soft">
          {waits ? t('supervise.agents.decide.waits') : t('supervise.agents.decide.atOnce')} {t('supervise.agents.decide.shown')}
        </p>
      </div>
    </Modal>
  );
}

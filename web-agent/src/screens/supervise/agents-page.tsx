import { Button, Dropdown, Empty, Input, Segmented } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { agentStates, chosenStates, type AgentState } from '../../../../services/shared/domain/agent-state.js';
import type { AgentSnapshot } from '../../../../services/shared/contracts/commands.js';
import { AgentStateTag, AwayReason } from '../../components/agent-state-tag.js';
import { Elapsed } from '../../components/elapsed.js';
import { Page } from '../../components/page.js';
import { useChange, useRead, useTold } from '../../session/use-server.js';
import { useApp, useMay, usePhone } from '../../session/use-workplace.js';
import { useSeatName } from '../seat/agent-names.js';

const modes = ['listen', 'whisper', 'barge', 'take-over'] as const;

/** Every seat as a card; what a supervisor does to one leaves its trace. */
export default function AgentsPage(): ReactNode {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [state, setState] = useState<AgentState | 'all'>('all');
  const first = useRead('/agents/board');
  const { value } = useTold('board:agents');
  const agents = value ?? first.data?.agents ?? [];
  const shown = agents
    .filter((agent) => (state === 'all' ? agent.state !== 'signed-out' || agents.length < 30 : agent.state === state))
    .filter(({ name, agentId }) => `${name} ${agentId}`.toLowerCase().includes(text.toLowerCase()))
    .sort((a, b) => order(a.state) - order(b.state) || a.name.localeCompare(b.name));
  return (
    <Page
      title={t('supervise.agents.title')}
      testId="agents-page"
      actions={
        <Input.Search
          allowClear
          placeholder={t('shell.search')}
          aria-label={t('shell.search')}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      }
    >
      <Segmented<AgentState | 'all'>
        className="filters"
        value={state}
        onChange={setState}
        aria-label={t('administer.users.state')}
        options={[
          { value: 'all', label: `${t('shell.all')} ${agents.length}` },
          ...agentStates.map((each) => ({
            value: each,
            label: `${t(`seat.state.${each}`)} ${agents.filter((agent) => agent.state === each).length}`,
          })),
        ]}
      />
      {shown.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('supervise.agents.empty')} />}
      <div className="agent-grid">
        {shown.map((agent) => (
          <AgentCard key={agent.agentId} agent={agent} />
        ))}
      </div>
    </Page>
  );
}

const order = (state: AgentState): number => ['on-call', 'offered', 'wrap-up', 'ready', 'break', 'away', 'signed-out'].indexOf(state);

function AgentCard({ agent }: { readonly agent: AgentSnapshot }): ReactNode {
  const { t } = useTranslation();
  const seatName = useSeatName();
  const may = useMay();
  const { workplace } = useApp();
  const { seat } = usePhone();
  const change = useChange('agents');
  const { callId } = agent;

  function monitor(mode: (typeof modes)[number]): void {
    if (callId === undefined) return;
    // Supervisors listen through their own seat. If it is closed, it is opened first and the click is repeated.
    if (seat === null) workplace.openSeat();
    else void seat.ask('call:monitor', { callId, mode });
  }

  return (
    <section className="panel agent-card" data-testid={`agent-${agent.agentId}`} data-state={agent.state} aria-label={seatName(agent)}>
      <div className="row">
        <strong>{seatName(agent)}</strong>
        <span className="grow" />
        <AgentStateTag state={agent.state} />
      </div>
      <div className="row soft">
        <Elapsed sinceMs={Date.parse(agent.since)} />
        <AwayReason reason={agent.reason} />
        {agent.nextState !== undefined && <span>{t('seat.next', { state: t(`seat.state.${agent.nextState}`) })}</span>}
      </div>
      <div className="row">
        {may('calls.control') && agent.state === 'on-call' && callId !== undefined && (
          <Dropdown
            trigger={['click']}
            menu={{
              items: modes.map((mode) => ({
                key: mode,
                label: <span data-testid={`monitor-${mode}`}>{t(`supervise.agents.modes.${mode}`)}</span>,
                onClick: () => monitor(mode),
              })),
            }}
          >
            <Button size="small" data-testid="monitor">
              {seat === null ? t('supervise.agents.openSeat') : t('supervise.agents.monitor')}
            </Button>
          </Dropdown>
        )}
        {may('agents.control') && agent.state !== 'signed-out' && (
          <Dropdown
            trigger={['click']}
            menu={{
              items: chosenStates.map((state) => ({
                key: state,
                label: t(`seat.state.${state}`),
                onClick: () => change.mutate({ route: 'POST /agents/:agentId/state', params: { agentId: agent.agentId }, body: { state } }),
              })),
            }}
          >
            <Button size="small">{t('supervise.agents.setState')}</Button>
          </Dropdown>
        )}
      </div>
    </section>
  );
}

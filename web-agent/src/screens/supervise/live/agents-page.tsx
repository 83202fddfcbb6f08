import { POOR_MOS } from '../../../../../services/shared/domain/mos.js';
import { Button, Empty, Input, Segmented, Select, Tag } from 'antd';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { AgentRow } from '../../../../../services/shared/contracts/queues/board.js';
import { useAskedFor } from '../../../components/asked-for.js';
import { AgentStateTag, AwayReason, NeverSignedIn } from '../../../components/names/agent-state-tag.js';
import { BreakNote } from '../../../components/names/break-reason.js';
import { useCallerName } from '../../../components/names/caller-name.js';
import { LongName } from '../../../components/names/long-name.js';
import { Elapsed } from '../../../components/time/elapsed.js';
import { timeText } from '../../../components/time/times.js';
import { Page } from '../../../components/page.js';
import { useBoard, useRead } from '../../../session/use-server.js';
import { useApp, useMay, useProfile } from '../../../session/use-workplace.js';
import { useQueueName } from '../../seat/queue-names.js';
import { AgentMarks, TodayCells } from './agent-today.js';
import {
  EVERY_TEAM,
  orders,
  shownAgents,
  standingOf,
  standings,
  withAbsent,
  type AgentBeside,
  type Order,
  type ShownAgent,
  type Standing,
} from './agents-order.js';
import { DecideState } from './decide-state.js';
import { Freshness, StaleNote, useIsStale, WaitNote } from './freshness.js';
import { LimitsDrawer } from './limits-drawer.js';
import { MonitorDialog } from './monitor-dialog.js';
import { NarrowChoice, type Narrowed } from './narrow-choice.js';
import { PassedLimits } from './passed-limits.js';
import { SkillsDrawer } from './skills-drawer.js';
import { TeamChoice } from './team-choice.js';
import type { TeamOfPage } from './use-agents-beside.js';
import { useMarkedAgents } from './use-marked-agents.js';

/** Below this MOS the other side is heard badly. */
/** Accounts rarely change; a person who signs in appears through the board at once. */
const READ_EVERY_MS = 30_000;

const columns = ['agent', 'state', 'call', 'answered', 'aht', 'occupancy', 'sound', 'listeners', 'actions'] as const;
const countedColumns = { answered: true, aht: true, occupancy: true };

/** Every seat as a row: what it does, with whom, how it sounds, who listens; and what a supervisor may do about it. */
export default function AgentsPage(): ReactNode {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [state, setState] = useState<Standing | 'all'>('all');
  const [order, setOrder] = useState<Order>('state');
  const [team, setTeam] = useState(EVERY_TEAM);
  useAskedFor('find', (name) => {
    setText(name);
    setState('all');
    setTeam(EVERY_TEAM);
    setNarrowed({});
  });
  const [deciding, setDeciding] = useState<AgentRow | null>(null);
  const [monitoring, setMonitoring] = useState<AgentRow | null>(null);
  const [teaching, setTeaching] = useState<AgentRow | null>(null);
  const [limiting, setLimiting] = useState(false);
  const [narrowed, setNarrowed] = useState<Narrowed>({});
  const may = useMay();
  const { value, atMs } = useBoard('board:agents');
  const stale = useIsStale(atMs);
  const listed = useRead('/agents', { everyMs: READ_EVERY_MS }).data?.agents;
  const agents = useMemo(() => withAbsent(value ?? [], listed ?? []), [value, listed]);
  const names = new Map(agents.map(({ agentId, name }) => [agentId, name]));
  const { beside, teams, skillNames } = useMarkedAgents(agents);
  const shown = shownAgents(agents, { text, state, team, order, ...narrowed }, beside);
  return (
    <Page
      title={t('supervise.agents.title')}
      testId="agents-page"
      actions={
        <>
          <Freshness atMs={atMs} />
          {may('queues.edit') && (
            <Button onClick={() => setLimiting(true)} data-testid="agent-limits">
              {t('supervise.limits.open')}
            </Button>
          )}
          <TeamChoice teams={teams} chosen={team} onChoose={setTeam} />
          <NarrowChoice chosen={narrowed} skillNames={skillNames} onChoose={setNarrowed} />
          <Select<Order>
            value={order}
            onChange={setOrder}
            aria-label={t('supervise.agents.order')}
            options={orders.map((each) => ({ value: each, label: t(`supervise.agents.orders.${each}`) }))}
          />
          <Input.Search
            allowClear
            placeholder={t('shell.search')}
            aria-label={t('shell.search')}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </>
      }
    >
      <Segmented<Standing | 'all'>
        className="filters"
        value={state}
        onChange={setState}
        aria-label={t('administer.users.state')}
        options={[
          { value: 'all', label: `${t('shell.all')} ${agents.length}` },
          ...standings.map((each) => ({
            value: each,
            label: `${each === 'never' ? t('supervise.agents.never') : t(`seat.state.${each}`)} ${agents.filter((agent) => standingOf(agent) === each).length}`,
          })),
        ]}
      />
      <StaleNote atMs={atMs} />
      <WaitNote atMs={atMs} />
      {value !== null && shown.length === 0 && (
        <Empty
          image={Empty.PRESENTED_IMAGE_SIMPLE}
          description={t(agents.length === 0 ? 'supervise.agents.nobody' : 'supervise.agents.empty')}
        />
      )}
      {shown.length > 0 && (
        <AgentsTable
          shown={shown}
          stale={stale}
          beside={beside}
          teams={teams}
          names={names}
          onDecide={setDeciding}
          onTeach={setTeaching}
          onMonitor={setMonitoring}
        />
      )}
      {deciding !== null && <DecideState agent={deciding} onClose={() => setDeciding(null)} />}
      {monitoring !== null && <MonitorDialog agent={monitoring} onClose={() => setMonitoring(null)} />}
      {limiting && <LimitsDrawer teams={teams} onClose={() => setLimiting(false)} />}
      {teaching !== null && <SkillsDrawer agent={teaching} agents={agents} onClose={() => setTeaching(null)} />}
    </Page>
  );
}

interface TableProps extends Pick<LineProps, 'names' | 'onDecide' | 'onTeach' | 'onMonitor'> {
  readonly shown: readonly ShownAgent[];
  readonly stale: boolean;
  readonly beside: (agentId: string) => AgentBeside;
  readonly teams: readonly TeamOfPage[];
}

function AgentsTable({ shown, stale, beside, teams, names, onDecide, onTeach, onMonitor }: TableProps): ReactNode {
  const { t } = useTranslation();
  return (
    <table className={stale ? 'agents-table stale' : 'agents-table'}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col" className={column in countedColumns ? 'number' : ''}>
              {t(`supervise.agents.columns.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {shown.map((agent) => (
          <AgentLine
            key={agent.agentId}
            agent={agent}
            beside={beside(agent.agentId)}
            teamName={teams.find(({ id }) => id === beside(agent.agentId).teamId)?.name}
            names={names}
            onDecide={onDecide}
            onTeach={onTeach}
            onMonitor={onMonitor}
          />
        ))}
      </tbody>
    </table>
  );
}

interface LineProps {
  readonly agent: ShownAgent;
  readonly beside: AgentBeside;
  readonly teamName: string | undefined;
  readonly names: ReadonlyMap<string, string>;
  readonly onDecide: (agent: AgentRow) => void;
  readonly onTeach: (agent: AgentRow) => void;
  readonly onMonitor: (agent: AgentRow) => void;
}

function AgentLine({ agent, beside, teamName, names, onDecide, onTeach, onMonitor }: LineProps): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { agentId, name, state, quality, call, help } = agent;
  return (
    <tr data-testid={`agent-${agentId}`} data-state={standingOf(agent)} data-level={beside.passed?.[0]?.level}>
      <th scope="row">
        <LongName name={name} />
        {teamName !== undefined && (
          <div className="soft" data-testid="team">
            <LongName name={teamName} />
          </div>
        )}
        <AgentMarks agentId={agentId} />
      </th>
      <td>
        <StateOf agent={agent} />
        {help !== undefined && <HelpSign help={help} />}
        <PassedLimits passed={beside.passed ?? []} />
      </td>
      <td>{call !== undefined && <CallOf agent={agent} call={call} />}</td>
      <TodayCells today={beside.today} />
      <td>
        {quality !== undefined && (
          <span className={(quality.mos ?? 5) < POOR_MOS ? 'bad figures' : 'figures'} data-testid="quality">
            {(quality.mos ?? 5) < POOR_MOS && '⚠ '}
            {t('supervise.agents.quality', { mos: quality.mos ?? '–', loss: quality.lossPercent })}
            <div className="soft">
              {t('supervise.agents.measured', {
                side: t(`calls.quality.sides.${quality.side}`),
                source: t(`calls.quality.sources.${quality.source}`),
              })}
            </div>
          </span>
        )}
      </td>
      <td data-testid="listeners">
        {call?.listeners?.map(({ agentId: id, mode }) => (
          <Tag key={id}>{t('supervise.agents.listens', { who: names.get(id) ?? id, mode: t(`supervise.agents.modes.${mode}`) })}</Tag>
        ))}
      </td>
      <td>
        <div className="row">
          <Monitor agent={agent} onMonitor={onMonitor} />
          {may('agents.control') && state !== 'signed-out' && (
            <Button size="small" onClick={() => onDecide(agent)} data-testid="decide-state">
              {t('supervise.agents.setState')}
            </Button>
          )}
          {may('queues.edit') && (
            <Button size="small" onClick={() => onTeach(agent)} data-testid="edit-skills">
              {t('supervise.agents.skills')}
            </Button>
          )}
        </div>
      </td>
    </tr>
  );
}

/** The agent asks for help: since when, why, and who is coming. */
function HelpSign({ help: { at, reason, takenBy } }: { readonly help: NonNullable<AgentRow['help']> }): ReactNode {
  const { t } = useTranslation();
  return (
    <div data-testid="help-sign" data-taken={takenBy !== undefined}>
      <Tag color={takenBy === undefined ? 'red' : 'gold'}>
        ⚑ {takenBy === undefined ? t('help.mine.title') : t('help.watch.takenBy', { who: takenBy })} <Elapsed sinceMs={Date.parse(at)} />
      </Tag>
      {reason !== undefined && <span className="soft">{t(`help.reasons.${reason}`)}</span>}
    </div>
  );
}

/** The state and its clock, who decided it and why, and what waits for the end of the call. */
function StateOf({ agent }: { readonly agent: ShownAgent }): ReactNode {
  const { t } = useTranslation();
  const { state, since, reason, until, forced, nextState, nextForced, lastSignInAt } = agent;
  if (lastSignInAt === null) return <NeverSignedIn />;
  if (lastSignInAt !== undefined)
    return (
      <div className="row">
        <AgentStateTag state={state} />
        <span className="soft">{t('supervise.agents.lastSignIn', { at: timeText(lastSignInAt) })}</span>
      </div>
    );
  return (
    <>
      <div className="row">
        <AgentStateTag state={state} />
        <Elapsed sinceMs={Date.parse(since)} />
        {state === 'break' && forced === undefined ? (
          <BreakNote reason={reason} until={until} testId="on-break" />
        ) : forced === undefined ? (
          <AwayReason reason={reason} />
        ) : (
          <span className="soft">{t('supervise.agents.decided', { ...forced })}</span>
        )}
      </div>
      {nextState !== undefined && (
        <div className="soft" data-testid="pending">
          {t('seat.next', { state: t(`seat.state.${nextState}`) })}
          {nextForced !== undefined && ` · ${t('supervise.agents.decided', { ...nextForced })}`}
        </div>
      )}
    </>
  );
}

function CallOf({ agent, call }: { readonly agent: AgentRow; readonly call: NonNullable<AgentRow['call']> }): ReactNode {
  const { t, i18n } = useTranslation();
  const callerName = useCallerName();
  const queueName = useQueueName(i18n.language);
  const may = useMay();
  const { callId, callerMasked, queueId, direction, heldSince } = call;
  return (
    <>
      <div className="row">
        <strong data-testid="caller">
          {may('calls.read') ? <Link to={`/calls/${callId}`}>{callerName(callerMasked)}</Link> : callerName(callerMasked)}
        </strong>
        <span className="soft">
          <LongName name={queueId === undefined ? t(`calls.directions.${direction}`) : queueName(queueId)} />
        </span>
      </div>
      <div className="row soft">
        {agent.state === 'on-call' && (
          <span data-testid="talks">
            {t('supervise.agents.talks')} <Elapsed sinceMs={Date.parse(agent.since)} />
          </span>
        )}
        {heldSince !== undefined && (
          <Tag color="gold" data-testid="holds">
            {t('supervise.agents.holds')} <Elapsed sinceMs={Date.parse(heldSince)} />
          </Tag>
        )}
      </div>
    </>
  );
}

function Monitor({ agent, onMonitor }: Pick<LineProps, 'agent' | 'onMonitor'>): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { workplace } = useApp();
  const { userId } = useProfile();
  // Nobody listens to their own call, nor twice to the same one: whoever is in it changes the mode in the strip.
  const isIn = agent.agentId === userId || agent.call?.listeners?.some(({ agentId }) => agentId === userId) === true;
  if (!may('calls.listen') || agent.state !== 'on-call' || agent.callId === undefined || isIn) return null;
  return (
    // Supervisors listen through their own seat: it opens while they choose the reason.
    <Button
      size="small"
      onClick={() => {
        workplace.openSeat();
        onMonitor(agent);
      }}
      data-testid="monitor"
    >
      {t('supervise.agents.monitor')}
    </Button>
  );
}

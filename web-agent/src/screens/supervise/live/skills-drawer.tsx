import { Alert, Button, Checkbox, Drawer, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentRow } from '../../../../../services/shared/contracts/queues/board.js';
import type { AgentBatchRefusal } from '../../../../../services/shared/domain/people/batch.js';
import type { Queue } from '../../../../../services/shared/contracts/queues/queue.js';
import { Loaded, Skeleton } from '../../../components/page.js';
import { useChange, useRead } from '../../../session/use-server.js';
import { isServedByPeople } from '../../administer/queues/served-by-people.js';
import { SkillLevels } from '../../administer/queues/skill-levels.js';
import { nameOf } from '../../seat/queue-names.js';
import { whoCould, type Skills } from './who-could.js';

interface Opened {
  readonly agent: AgentRow;
  readonly agents: readonly AgentRow[];
  readonly onClose: () => void;
}

/** The skills and queues of an agent, and who could take calls now with them, before they are saved. */
export function SkillsDrawer(opened: Opened): ReactNode {
  const { t } = useTranslation();
  const skillsRead = useRead('/agents/skills', { anew: true });
  const queuesRead = useRead('/queues', { anew: true });
  const isRead = skillsRead.isFetchedAfterMount && queuesRead.isFetchedAfterMount;
  return (
    <Drawer open size={440} title={`${t('supervise.agents.skills')}: ${opened.agent.name}`} onClose={opened.onClose}>
      <Loaded query={skillsRead}>
        {({ skills }) => (
          <Loaded query={queuesRead}>
            {({ queues }) =>
              isRead ? <SkillsForm {...opened} stored={skills} queues={queues} /> : <Skeleton words={t('shell.loading')} />
            }
          </Loaded>
        )}
      </Loaded>
    </Drawer>
  );
}

/** Both are read again while the form is open: what it was opened with stays, or a colleague's change in between would be overwritten. */
function SkillsForm({
  agent,
  agents,
  stored,
  queues,
  onClose,
}: Opened & { readonly stored: Readonly<Record<string, Skills>>; readonly queues: readonly Queue[] }): ReactNode {
  const { t, i18n } = useTranslation();
  const all = queues.filter(isServedByPeople);
  const listed = all.filter(({ members }) => members !== 'everyone');
  const [held] = useState<Skills>(stored[agent.agentId] ?? {});
  const [serves] = useState<readonly string[]>(() => listed.flatMap(({ id, members }) => (members.includes(agent.agentId) ? [id] : [])));
  const [skills, setSkills] = useState(held);
  const [refused, setRefused] = useState<AgentBatchRefusal>();
  const [chosen, setChosen] = useState<readonly string[]>();
  const then = chosen ?? serves;
  const change = useChange<'POST /agents/batch'>('agents', ({ rows: [row] }) =>
    row?.refused === undefined ? onClose() : setRefused(row.refused),
  );
  const known = [...new Set(Object.values(stored).flatMap(Object.keys))].sort();
  const served = all.filter(({ id }) => agent.queues.includes(id) || then.includes(id));
  // Queues that everybody serves stay.
  const left = agent.queues.filter((id) => !serves.includes(id));
  const changed = agents.map((each) => (each.agentId === agent.agentId ? { ...each, queues: [...left, ...then] } : each));
  const before = (agentId: string): Skills => (agentId === agent.agentId ? held : (stored[agentId] ?? {}));
  const after = (agentId: string): Skills => (agentId === agent.agentId ? skills : before(agentId));
  return (
    <div className="stack">
      <SkillLevels skills={skills} known={known} onChange={setSkills} />
      {listed.length > 0 && (
        <section aria-label={t('supervise.agents.serves')}>
          <h3>{t('supervise.agents.serves')}</h3>
          <Checkbox.Group
            className="stack"
            value={[...then]}
            onChange={setChosen}
            options={listed.map(({ id, name }) => ({
              value: id,
              label: <span data-testid={`serves-${id}`}>{nameOf(name, i18n.language)}</span>,
            }))}
          />
        </section>
      )}
      <section aria-label={t('supervise.agents.couldNow')} aria-live="polite">
        <h3>{t('supervise.agents.couldNow')}</h3>
        {served.length === 0 && <span className="soft">{t('supervise.agents.noQueue')}</span>}
        {served.map((queue) => {
          const [now, later] = [whoCould(queue, agents, before), whoCould(queue, changed, after)];
          return (
            <div key={queue.id} className="row" data-testid={`could-${queue.id}`} data-now={now.length} data-then={later.length}>
              <span className="grow">{nameOf(queue.name, i18n.language)}</span>
              <span className="figures">{t('supervise.agents.could', { now: now.length, then: later.length })}</span>
              {later.length === 0 && <Tag color="red">{t('supervise.agents.nobodyCould')}</Tag>}
            </div>
          );
        })}
      </section>
      {refused !== undefined && (
        <Alert
          type="error"
          showIcon
          title={t('supervise.agents.refused', { why: t(`batch.refusals.${refused}`) })}
          data-testid="skills-refused"
        />
      )}
      <Button
        type="primary"
        loading={change.isPending}
        onClick={() =>
          change.mutate({
            route: 'POST /agents/batch',
            body: {
              rows: [
                {
                  id: agent.agentId,
                  before: { skills: { ...held }, serves: [...serves] },
                  after: { skills: { ...skills }, serves: [...then] },
                },
              ],
              commit: true,
            },
          })
        }
        data-testid="save-skills"
      >
        {t('shell.save')}
      </Button>
    </div>
  );
}

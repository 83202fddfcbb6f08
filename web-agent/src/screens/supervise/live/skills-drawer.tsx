import { Button, Drawer, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentRow } from '../../../../../services/shared/contracts/queues/board.js';
import { Loaded } from '../../../components/page.js';
import { useChange, useRead } from '../../../session/use-server.js';
import { SkillLevels } from '../../administer/queues/skill-levels.js';
import { nameOf } from '../../seat/queue-names.js';
import { whoCould, type Skills } from './who-could.js';

interface Opened {
  readonly agent: AgentRow;
  readonly agents: readonly AgentRow[];
  readonly onClose: () => void;
}

/** The skills of an agent, and who could take calls now with them, before they are saved. */
export function SkillsDrawer(opened: Opened): ReactNode {
  const { t } = useTranslation();
  const read = useRead('/agents/skills');
  return (
    <Drawer open size={440} title={`${t('administer.agents.skills')}: ${opened.agent.name}`} onClose={opened.onClose}>
      <Loaded query={read}>{({ skills }) => <SkillsForm {...opened} stored={skills} />}</Loaded>
    </Drawer>
  );
}

function SkillsForm({ agent, agents, stored, onClose }: Opened & { readonly stored: Readonly<Record<string, Skills>> }): ReactNode {
  const { t, i18n } = useTranslation();
  const queues = useRead('/queues');
  const [skills, setSkills] = useState<Skills>(stored[agent.agentId] ?? {});
  const change = useChange('agents', onClose);
  const known = [...new Set(Object.values(stored).flatMap((held) => Object.keys(held)))].sort();
  const served = (queues.data?.queues ?? []).filter(({ id }) => agent.queues.includes(id));
  const before = (agentId: string): Skills => stored[agentId] ?? {};
  const after = (agentId: string): Skills => (agentId === agent.agentId ? skills : before(agentId));
  return (
    <div className="stack">
      <SkillLevels skills={skills} known={known} onChange={setSkills} />
      <section aria-label={t('supervise.agents.couldNow')} aria-live="polite">
        <h3>{t('supervise.agents.couldNow')}</h3>
        {served.map((queue) => {
          const [now, then] = [whoCould(queue, agents, before), whoCould(queue, agents, after)];
          return (
            <div key={queue.id} className="row" data-testid={`could-${queue.id}`} data-now={now.length} data-then={then.length}>
              <span className="grow">{nameOf(queue.name, i18n.language)}</span>
              <span className="figures">{t('supervise.agents.could', { now: now.length, then: then.length })}</span>
              {then.length === 0 && <Tag color="red">{t('supervise.agents.nobodyCould')}</Tag>}
            </div>
          );
        })}
      </section>
      <Button
        type="primary"
        loading={change.isPending}
        onClick={() => change.mutate({ route: 'PUT /agents/:agentId/skills', params: { agentId: agent.agentId }, body: { skills } })}
        data-testid="save-skills"
      >
        {t('shell.save')}
      </Button>
    </div>
  );
}

import { Button, Input, Table, Tabs, Tag } from 'antd';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded, Page } from '../../components/page.js';
import { useChange, useRead } from '../../session/use-server.js';
import { GuideBack } from './set-up/guide-back.js';
import { usePeopleBatch } from './people/use-people-batch.js';
import { SkillLevels } from './queues/skill-levels.js';
import { Breaks } from './breaks-form.js';
import { FormDrawer } from '../../components/form-drawer.js';
import { MatrixTab } from './matrix/matrix-tab.js';

interface Person {
  readonly id: string;
  readonly displayName: string;
  readonly roles: readonly string[];
  readonly disabled: boolean;
}

/** The skills of agents, and the reasons for which they may take a break. */
export default function AgentSettingsPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <Page title={t('administer.agents.title')} testId="agent-settings-page" actions={<GuideBack />}>
      <Tabs
        items={[
          { key: 'skills', label: t('administer.agents.skills'), children: <SkillsTable /> },
          { key: 'matrix', label: t('matrix.tab'), children: <Matrix /> },
          { key: 'breaks', label: t('administer.agents.breaks'), children: <Breaks /> },
        ]}
      />
    </Page>
  );
}

const agentsOf = ({ users }: { readonly users: readonly Person[] }): Person[] =>
  users.filter(({ roles, disabled }) => !disabled && (roles.includes('agent') || roles.includes('supervisor')));

function Matrix(): ReactNode {
  const { t } = useTranslation();
  const people = useRead('/users');
  const skills = useRead('/agents/skills').data?.skills;
  const listed = useMemo(() => (people.data === undefined ? [] : agentsOf(people.data)), [people.data]);
  return (
    <Loaded query={people} isEmpty={(answer) => agentsOf(answer).length === 0} empty={t('administer.agents.nobody')}>
      {() => skills !== undefined && <MatrixTab people={listed} skills={skills} />}
    </Loaded>
  );
}

function SkillsTable(): ReactNode {
  const { t } = useTranslation();
  const people = useRead('/users');
  const read = useRead('/agents/skills');
  const [search, setSearch] = useState('');
  const [editing, setEditing] = useState<Person | null>(null);
  const skills = read.data?.skills ?? {};
  const known = [...new Set(Object.values(skills).flatMap((held) => Object.keys(held)))].sort();
  const wanted = search.trim().toLowerCase();
  const fits = ({ id, displayName }: Person): boolean =>
    wanted === '' || [displayName, ...Object.keys(skills[id] ?? {})].some((text) => text.toLowerCase().includes(wanted));
  const listed = people.data === undefined ? [] : agentsOf(people.data).filter(fits);
  const { chosen, bar, sheet } = usePeopleBatch(listed);

  return (
    <Loaded query={people} isEmpty={(answer) => agentsOf(answer).length === 0} empty={t('administer.agents.nobody')}>
      {(answer) => (
        <div className="stack" onKeyDown={chosen.onKeyDown}>
          <span className="soft">{t('batch.hint')}</span>
          <Input.Search
            className="search-narrow"
            allowClear
            value={search}
            placeholder={t('administer.agents.search')}
            aria-label={t('administer.agents.search')}
            onChange={({ target }) => setSearch(target.value)}
          />
          <Table<Person>
            rowKey="id"
            size="middle"
            rowSelection={chosen.selection}
            pagination={{ pageSize: 20, hideOnSinglePage: true, showTotal: (count) => t('shell.total', { count }) }}
            dataSource={agentsOf(answer).filter(fits)}
            columns={[
              { title: t('administer.users.displayName'), dataIndex: 'displayName' },
              {
                title: t('administer.agents.skills'),
                render: (_value, { id }) => {
                  const held = Object.entries(skills[id] ?? {});
                  if (held.length === 0) return <span className="soft">{t('administer.agents.noSkills')}</span>;
                  return held.map(([skill, level]) => (
                    <Tag key={skill}>
                      {skill} {level}
                    </Tag>
                  ));
                },
              },
              {
                title: '',
                render: (_value, person) => (
                  <Button size="small" onClick={() => setEditing(person)} data-testid={`skills-of-${person.id}`}>
                    {t('shell.edit')}
                  </Button>
                ),
              },
            ]}
          />
          {bar}
          {sheet}
          {editing !== null && (
            <SkillsForm person={editing} held={skills[editing.id] ?? {}} known={known} onClose={() => setEditing(null)} />
          )}
        </div>
      )}
    </Loaded>
  );
}

function SkillsForm({
  person,
  held,
  known,
  onClose,
}: {
  readonly person: Person;
  readonly held: Readonly<Record<string, number>>;
  readonly known: readonly string[];
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const [skills, setSkills] = useState(held);
  const change = useChange('agents', onClose);
  return (
    <FormDrawer
      open
      size={440}
      title={`${t('administer.agents.skills')}: ${person.displayName}`}
      onClose={onClose}
      extra={
        <Button
          type="primary"
          loading={change.isPending}
          onClick={() => change.mutate({ route: 'PUT /agents/:agentId/skills', params: { agentId: person.id }, body: { skills } })}
          data-testid="save-skills"
        >
          {t('shell.save')}
        </Button>
      }
    >
      <p className="soft">{t('administer.agents.skillsHint')}</p>
      <SkillLevels skills={skills} known={known} onChange={setSkills} />
    </FormDrawer>
  );
}

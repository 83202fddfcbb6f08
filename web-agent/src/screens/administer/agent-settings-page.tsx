import { Button, Drawer, Input, InputNumber, Table, Tabs, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded, Page } from '../../components/page.js';
import { useChange, useRead } from '../../session/use-server.js';
import { GuideBack } from './set-up/guide-back.js';
import { SkillLevels } from './queues/skill-levels.js';
import type { BreakReason } from '../../../../services/shared/contracts/queues/queue.js';

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
          { key: 'breaks', label: t('administer.agents.breaks'), children: <Breaks /> },
        ]}
      />
    </Page>
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
  const agents = ({ users }: { readonly users: readonly Person[] }): Person[] =>
    users.filter(({ roles, disabled }) => !disabled && (roles.includes('agent') || roles.includes('supervisor')));

  return (
    <Loaded query={people} isEmpty={(answer) => agents(answer).length === 0} empty={t('administer.agents.nobody')}>
      {(answer) => (
        <div className="stack">
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
            pagination={{ pageSize: 20, hideOnSinglePage: true, showTotal: (count) => t('shell.total', { count }) }}
            dataSource={agents(answer).filter(fits)}
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
    <Drawer
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
    </Drawer>
  );
}

function Breaks(): ReactNode {
  const read = useRead('/routing/breaks');
  return <Loaded query={read}>{({ breaks }) => <BreaksForm key={JSON.stringify(breaks)} breaks={breaks} />}</Loaded>;
}

const without = (reason: BreakReason, name: 'limitMs' | 'atOnce'): BreakReason => {
  const { [name]: _gone, ...rest } = reason;
  return rest;
};

function BreaksForm({ breaks }: { readonly breaks: readonly BreakReason[] }): ReactNode {
  const { t } = useTranslation();
  const [rows, setRows] = useState(breaks);
  const change = useChange('routing');
  const set = (place: number, reason: BreakReason): void => setRows(rows.map((each, at) => (at === place ? reason : each)));
  const isWhole = rows.every(({ id, name }) => /^[a-z0-9-]{1,30}$/.test(id) && name['zh-CN'].trim() !== '' && name.en.trim() !== '');
  const areOnce = new Set(rows.map(({ id }) => id)).size === rows.length;

  function add(): void {
    let n = rows.length + 1;
    while (rows.some(({ id }) => id === `break-${n}`)) n += 1;
    setRows([...rows, { id: `break-${n}`, name: { 'zh-CN': '', en: '' } }]);
  }

  return (
    <div className="stack">
      <p className="soft">{t('administer.agents.breaksHint')}</p>
      {rows.length === 0 && <span className="soft">{t('administer.agents.noBreaks')}</span>}
      {rows.map((reason, place) => (
        <div key={place} className="break-row" data-testid={`break-${reason.id}`}>
          <Input
            value={reason.id}
            maxLength={30}
            aria-label={t('administer.queues.id')}
            onChange={({ target }) => set(place, { ...reason, id: target.value })}
          />
          {(['zh-CN', 'en'] as const).map((language) => (
            <Input
              key={language}
              value={reason.name[language]}
              maxLength={30}
              status={reason.name[language].trim() === '' ? 'error' : ''}
              placeholder={language === 'en' ? t('administer.queues.nameEn') : t('administer.queues.nameZh')}
              aria-label={language === 'en' ? t('administer.queues.nameEn') : t('administer.queues.nameZh')}
              onChange={({ target }) => set(place, { ...reason, name: { ...reason.name, [language]: target.value } })}
            />
          ))}
          <InputNumber
            min={1}
            max={1_440}
            precision={0}
            value={reason.limitMs === undefined ? null : reason.limitMs / 60_000}
            placeholder={t('administer.agents.noLimit')}
            aria-label={t('administer.agents.limit')}
            suffix={t('administer.agents.minutes')}
            onChange={(minutes) => set(place, minutes === null ? without(reason, 'limitMs') : { ...reason, limitMs: minutes * 60_000 })}
          />
          <InputNumber
            min={1}
            max={10_000}
            precision={0}
            value={reason.atOnce ?? null}
            placeholder={t('administer.agents.noLimit')}
            aria-label={t('administer.agents.atOnce')}
            suffix={t('administer.agents.people')}
            onChange={(people) => set(place, people === null ? without(reason, 'atOnce') : { ...reason, atOnce: people })}
          />
          <Button onClick={() => setRows(rows.filter((_each, at) => at !== place))}>{t('flow.remove')}</Button>
        </div>
      ))}
      <div className="row">
        <Button onClick={add}>{t('administer.agents.addBreak')}</Button>
        <Button
          type="primary"
          disabled={!isWhole || !areOnce}
          loading={change.isPending}
          onClick={() => change.mutate({ route: 'PUT /routing/breaks', body: { breaks: rows } })}
          data-testid="save-breaks"
        >
          {t('shell.save')}
        </Button>
      </div>
    </div>
  );
}

import { Form, Radio, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { listAfter, skillsAfter } from '../../../components/batch/chosen.js';
import { BatchSheet } from '../../../components/batch/batch-sheet.js';
import { useRead, useReadAgain } from '../../../session/use-server.js';
import { useApp } from '../../../session/use-workplace.js';
import { nameOf } from '../../seat/queue-names.js';
import { isServedByPeople } from '../queues/served-by-people.js';
import { SkillLevels } from '../queues/skill-levels.js';
import { namesIn } from './team-names.js';

/** Somebody who was chosen for a change of several people. */
export interface BatchPerson {
  readonly id: string;
  readonly displayName: string;
  readonly roles: readonly string[];
  readonly disabled: boolean;
  readonly teamId?: string | null;
}

export const batchActs = ['team', 'state', 'skills', 'queues'] as const;
export type BatchAct = (typeof batchActs)[number];

interface SheetProps {
  readonly people: readonly BatchPerson[];
  readonly onClose: (isDone: boolean) => void;
}

/** One change of several people, as the bar asked for it. */
export function PeopleBatch({ act, ...sheet }: SheetProps & { readonly act: BatchAct }): ReactNode {
  if (act === 'team') return <TeamBatch {...sheet} />;
  if (act === 'state') return <StateBatch {...sheet} />;
  return act === 'skills' ? <SkillsBatch {...sheet} /> : <QueuesBatch {...sheet} />;
}

const named = ({ id, displayName }: BatchPerson): { readonly id: string; readonly name: string } => ({ id, name: displayName });

const useRefusals = (): ((code: string) => string) => {
  const { t } = useTranslation();
  return (code) => t(`batch.refusals.${code}`);
};

/** Only people with a seat have skills and queues. */
function useSeatless(people: readonly BatchPerson[]): (id: string) => string | undefined {
  const refusal = useRefusals();
  return (id) => {
    const person = people.find((each) => each.id === id);
    const hasSeat = person?.roles.some((role) => role === 'agent' || role === 'supervisor') === true && !person.disabled;
    return hasSeat ? undefined : refusal('no-seat');
  };
}

function useAccounts() {
  const { session } = useApp();
  const readAgain = useReadAgain();
  return {
    send: (rows: readonly { id: string; before: object; after: object }[], commit: boolean) =>
      session.api.send('POST /users/batch', { body: { rows: [...rows], commit } }),
    readAgain: () => Promise.all([readAgain('users'), readAgain('teams')]),
  };
}

function useAgentWork() {
  const { session } = useApp();
  const readAgain = useReadAgain();
  return {
    send: (rows: readonly { id: string; before: object; after: object }[], commit: boolean) =>
      session.api.send('POST /agents/batch', { body: { rows: [...rows], commit } }),
    readAgain: () => Promise.all([readAgain('agents'), readAgain('queues')]),
  };
}

function TeamBatch({ people, onClose }: SheetProps): ReactNode {
  const { t, i18n } = useTranslation();
  const accounts = useAccounts();
  const [wanted, setWanted] = useState<{ readonly teamId: string | null }>();
  const teams = useRead('/teams').data?.teams ?? [];
  const labelOf = (teamId: string | null): string => {
    const team = teams.find(({ id }) => id === teamId);
    return teamId === null ? t('administer.users.noTeam') : team === undefined ? teamId : nameOf(namesIn(team.name), i18n.language);
  };
  return (
    <BatchSheet<{ readonly teamId: string | null }>
      title={t('batch.team')}
      rows={people.map(named)}
      wanted={wanted}
      before={(id) => ({ teamId: people.find((person) => person.id === id)?.teamId ?? null })}
      after={(was) => wanted ?? was}
      words={({ teamId }) => labelOf(teamId)}
      refusalWords={useRefusals()}
      {...accounts}
      onClose={onClose}
    >
      <Form layout="vertical">
        <Form.Item label={t('batch.teamTo')} extra={t('batch.teamHint')}>
          <Select
            aria-label={t('batch.teamTo')}
            onChange={(teamId: string) => setWanted({ teamId: teamId === '' ? null : teamId })}
            options={[
              { value: '', label: t('administer.users.noTeam') },
              ...teams.filter(({ closedAt }) => closedAt === null).map(({ id }) => ({ value: id, label: labelOf(id) })),
            ]}
            data-testid="batch-team-to"
          />
        </Form.Item>
      </Form>
    </BatchSheet>
  );
}

function StateBatch({ people, onClose }: SheetProps): ReactNode {
  const { t } = useTranslation();
  const accounts = useAccounts();
  const [wanted, setWanted] = useState<{ readonly disabled: boolean }>();
  return (
    <BatchSheet<{ readonly disabled: boolean }>
      title={t('batch.state')}
      rows={people.map(named)}
      wanted={wanted}
      before={(id) => ({ disabled: people.find((person) => person.id === id)?.disabled === true })}
      after={(was) => wanted ?? was}
      words={({ disabled }) => t(disabled ? 'administer.users.disabled' : 'administer.users.active')}
      refusalWords={useRefusals()}
      {...accounts}
      onClose={onClose}
    >
      <Radio.Group
        onChange={({ target }) => setWanted({ disabled: target.value === 'closed' })}
        options={[
          { value: 'closed', label: t('batch.closes') },
          { value: 'open', label: t('batch.opens') },
        ]}
        data-testid="batch-state-to"
      />
    </BatchSheet>
  );
}

type Skills = Readonly<Record<string, number>>;

function SkillsBatch({ people, onClose }: SheetProps): ReactNode {
  const { t } = useTranslation();
  const work = useAgentWork();
  const skills = useRead('/agents/skills').data?.skills ?? {};
  const known = [...new Set(Object.values(skills).flatMap((held) => Object.keys(held)))].sort();
  const [wanted, setWanted] = useState<{ readonly give: Skills; readonly take: readonly string[] }>({ give: {}, take: [] });
  const isEmpty = Object.keys(wanted.give).length + wanted.take.length === 0;
  return (
    <BatchSheet<{ readonly skills: Skills }>
      title={t('batch.skills')}
      rows={people.map(named)}
      wanted={isEmpty ? undefined : wanted}
      before={(id) => ({ skills: skills[id] ?? {} })}
      after={(was) => ({ skills: skillsAfter(was.skills, wanted) })}
      words={({ skills: held }) =>
        Object.entries(held)
          .map(([skill, level]) => `${skill} ${String(level)}`)
          .join(' · ') || t('batch.nothing')
      }
      leftOut={useSeatless(people)}
      refusalWords={useRefusals()}
      {...work}
      onClose={onClose}
    >
      <Form layout="vertical">
        <Form.Item label={t('batch.give')}>
          <SkillLevels skills={wanted.give} known={known} onChange={(give) => setWanted({ ...wanted, give })} />
        </Form.Item>
        <Form.Item label={t('batch.take')}>
          <Select
            mode="multiple"
            aria-label={t('batch.take')}
            value={[...wanted.take]}
            onChange={(take: string[]) => setWanted({ ...wanted, take })}
            options={known.filter((skill) => wanted.give[skill] === undefined).map((value) => ({ value, label: value }))}
            data-testid="batch-take-skills"
          />
        </Form.Item>
      </Form>
    </BatchSheet>
  );
}

function QueuesBatch({ people, onClose }: SheetProps): ReactNode {
  const { t, i18n } = useTranslation();
  const work = useAgentWork();
  const all = useRead('/queues').data?.queues ?? [];
  const queues = all.flatMap(({ id, name, members }) =>
    members === 'everyone' ? [] : [{ id, members, label: nameOf(name, i18n.language) }],
  );
  // Queues that parts of the system serve are nobody's to choose, but stay where somebody is in them.
  const offered = queues.filter(isServedByPeople);
  const [wanted, setWanted] = useState<{ readonly give: readonly string[]; readonly take: readonly string[] }>({ give: [], take: [] });
  const select = (part: 'give' | 'take', other: 'give' | 'take'): ReactNode => (
    <Form.Item label={t(`batch.${part === 'give' ? 'giveQueues' : 'take'}`)} {...(part === 'give' ? { extra: t('batch.queuesHint') } : {})}>
      <Select
        mode="multiple"
        aria-label={t(`batch.${part === 'give' ? 'giveQueues' : 'take'}`)}
        value={[...wanted[part]]}
        onChange={(ids: string[]) => setWanted({ ...wanted, [part]: ids })}
        options={offered.filter(({ id }) => !wanted[other].includes(id)).map(({ id, label }) => ({ value: id, label }))}
        showSearch={{ optionFilterProp: 'label' }}
        data-testid={`batch-${part}-queues`}
      />
    </Form.Item>
  );
  return (
    <BatchSheet<{ readonly serves: readonly string[] }>
      title={t('batch.queues')}
      rows={people.map(named)}
      wanted={wanted.give.length + wanted.take.length === 0 ? undefined : wanted}
      before={(person) => ({ serves: queues.filter(({ members }) => members.includes(person)).map(({ id }) => id) })}
      after={({ serves }) => ({ serves: listAfter(serves, wanted) })}
      words={({ serves }) => serves.map((id) => queues.find((queue) => queue.id === id)?.label ?? id).join(' · ') || t('batch.nothing')}
      leftOut={useSeatless(people)}
      refusalWords={useRefusals()}
      {...work}
      onClose={onClose}
    >
      <Form layout="vertical">
        {select('give', 'take')}
        {select('take', 'give')}
      </Form>
    </BatchSheet>
  );
}

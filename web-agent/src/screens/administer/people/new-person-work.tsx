import { Form, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFailureWords, useRead, useReadAgain } from '../../../session/use-server.js';
import { say } from '../../../session/notices.js';
import { useApp } from '../../../session/use-workplace.js';
import { nameOf } from '../../seat/queue-names.js';
import { SkillLevels } from '../queues/skill-levels.js';

export interface WorkFields {
  readonly serves?: string[];
  readonly skills?: Record<string, number>;
}

/** The queues and skills of a new person, which a seat needs before the first call can ring there. */
export function NewPersonWork(): ReactNode {
  const { t, i18n } = useTranslation();
  const queues = (useRead('/queues').data?.queues ?? []).filter(({ members }) => members !== 'everyone' && !isInternal(members));
  const known = Object.values(useRead('/agents/skills').data?.skills ?? {}).flatMap((held) => Object.keys(held));
  return (
    <>
      <Form.Item
        name="serves"
        label={t('setUp.work.queues')}
        extra={t(queues.length === 0 ? 'setUp.work.everyone' : 'setUp.work.queuesHint')}
      >
        <Select
          mode="multiple"
          disabled={queues.length === 0}
          options={queues.map(({ id, name }) => ({ value: id, label: nameOf(name, i18n.language) }))}
          data-testid="user-serves"
        />
      </Form.Item>
      <Form.Item name="skills" label={t('setUp.work.skills')}>
        <HeldSkills known={[...new Set(known)].sort()} />
      </Form.Item>
    </>
  );
}

const isInternal = (members: readonly string[]): boolean => members.length > 0 && members.every((id) => id.includes(':'));

/** The form passes the value and its change handler to its control. */
function HeldSkills({
  value = {},
  onChange = () => undefined,
  known,
}: {
  readonly value?: Readonly<Record<string, number>>;
  readonly onChange?: (skills: Record<string, number>) => void;
  readonly known: readonly string[];
}): ReactNode {
  return <SkillLevels skills={value} known={known} onChange={onChange} />;
}

/**
 * Saves queues and skills of a person who was just added. The account stays when one of them is refused, and the page says so. Without an
 * id the account waits for approval, and nobody has the queues yet.
 */
export function useGiveWork(): (userId: string | undefined, work: WorkFields) => Promise<void> {
  const { t } = useTranslation();
  const { session } = useApp();
  const wordsOf = useFailureWords();
  const readAgain = useReadAgain();
  return async (userId, { serves = [], skills = {} }) => {
    if (userId === undefined) {
      if (serves.length + Object.keys(skills).length > 0) void say('warning', t('setUp.work.afterApproval'), 10);
      return;
    }
    try {
      if (Object.keys(skills).length > 0)
        await session.api.send('PUT /agents/:agentId/skills', { params: { agentId: userId }, body: { skills } });
      const { queues } = serves.length === 0 ? { queues: [] } : await session.api.get('/queues');
      for (const { id, ...queue } of queues.filter((each) => serves.includes(each.id)))
        if (queue.members !== 'everyone')
          await session.api.send('PUT /queues/:queueId', {
            params: { queueId: id },
            body: { ...queue, members: [...new Set([...queue.members, userId])] },
          });
    } catch (error) {
      void say('error', t('setUp.work.kept', { why: wordsOf(error) }), 10);
    }
    await Promise.all([readAgain('agents'), readAgain('queues')]);
  };
}

import { Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../../session/use-server.js';
import { isServedByPeople } from '../../administer/queues/served-by-people.js';
import { nameOf } from '../../seat/queue-names.js';

const EVERY = '';

export interface Narrowed {
  readonly queueId?: string | undefined;
  readonly skill?: string | undefined;
}

/** The queue that the agents serve, and the skill that they hold. Each is absent where there is nothing to choose. */
export function NarrowChoice({
  chosen,
  skillNames,
  onChoose,
}: {
  readonly chosen: Narrowed;
  readonly skillNames: readonly string[];
  readonly onChoose: (chosen: Narrowed) => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const queues = (useRead('/queues').data?.queues ?? []).filter(isServedByPeople);
  return (
    <>
      {queues.length > 1 && (
        <Select
          value={chosen.queueId ?? EVERY}
          onChange={(queueId) => onChoose({ ...chosen, queueId: queueId === EVERY ? undefined : queueId })}
          aria-label={t('supervise.limits.queue')}
          data-testid="of-queue"
          popupMatchSelectWidth={false}
          options={[
            { value: EVERY, label: t('supervise.limits.everyQueue') },
            ...queues.map(({ id, name }) => ({ value: id, label: nameOf(name, i18n.language) })),
          ]}
        />
      )}
      {skillNames.length > 0 && (
        <Select
          value={chosen.skill ?? EVERY}
          onChange={(skill) => onChoose({ ...chosen, skill: skill === EVERY ? undefined : skill })}
          aria-label={t('supervise.limits.skill')}
          data-testid="of-skill"
          popupMatchSelectWidth={false}
          options={[{ value: EVERY, label: t('supervise.limits.everySkill') }, ...skillNames.map((name) => ({ value: name, label: name }))]}
        />
      )}
    </>
  );
}

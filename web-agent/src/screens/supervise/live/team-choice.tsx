import { Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { EVERY_TEAM, NO_TEAM } from './agents-order.js';
import type { TeamOfPage } from './use-agents-beside.js';

/** The team whose agents are shown. Absent where the centre has no teams. */
export function TeamChoice({
  teams,
  chosen,
  onChoose,
}: {
  readonly teams: readonly TeamOfPage[];
  readonly chosen: string;
  readonly onChoose: (teamId: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  if (teams.length === 0) return null;
  return (
    <Select
      value={chosen}
      onChange={onChoose}
      aria-label={t('supervise.agents.team')}
      data-testid="of-team"
      popupMatchSelectWidth={false}
      options={[
        { value: EVERY_TEAM, label: t('supervise.agents.everyTeam') },
        ...teams.map(({ id, name }) => ({ value: id, label: name })),
        { value: NO_TEAM, label: t('supervise.agents.noTeam') },
      ]}
    />
  );
}

import { useTranslation } from 'react-i18next';
import type { ThresholdScope } from '../../../../../services/shared/domain/figures/threshold.js';
import { useRead } from '../../../session/use-server.js';
import { useMay } from '../../../session/use-workplace.js';
import { namesIn } from '../../administer/people/team-names.js';
import { nameOf } from '../../seat/queue-names.js';

/** The name of the object that a threshold is for, in the page's language; its id until the names are loaded. */
export function useScopeNames(): (scope: ThresholdScope) => string {
  const { t, i18n } = useTranslation();
  const queues = useRead('/queues');
  const people = useRead('/users/names');
  const may = useMay();
  const teams = useRead('/teams', { enabled: may('teams.read') });
  return ({ of, id }) => {
    if (of === 'site') return t('thresholds.scopes.site');
    const team = of === 'team' ? teams.data?.teams.find((each) => each.id === id) : undefined;
    if (team !== undefined) return `${t('thresholds.scopes.team')} ${nameOf(namesIn(team.name), i18n.language)}`;
    const queue = of === 'queue' ? queues.data?.queues.find((each) => each.id === id) : undefined;
    const name = queue === undefined ? id : nameOf(queue.name, i18n.language);
    return `${t(`thresholds.scopes.${of}`)} ${of === 'agent' ? (people.data?.names[id] ?? id) : name}`;
  };
}

import { useTranslation } from 'react-i18next';
import type { FigureReport } from '../../../../services/shared/contracts/api/figures/figures.js';
import type { ReportScope } from '../../../../services/shared/domain/figures/report.js';
import { noScopeWords } from '../../../../services/shared/domain/figures/gap-words.js';
import { useAgentNames } from '../seat/agent-names.js';
import { useRead } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';
import { namesIn } from '../administer/people/team-names.js';
import { nameOf, useQueueName } from '../seat/queue-names.js';

/** The scope of a report's row in the words people use. */
export function useScopeName(by: ReportScope, names: FigureReport['scopeNames']): (scope: string) => string {
  const { t, i18n } = useTranslation();
  const queueName = useQueueName(i18n.language);
  const agents = useAgentNames();
  const may = useMay();
  const teams = useRead('/teams', { enabled: by === 'team' && may('teams.read') }).data?.teams ?? [];
  return (scope) => {
    if (by === 'all') return '';
    if (scope === '') return by === 'result' || by === 'team' ? noScopeWords[by][i18n.language === 'en' ? 'en' : 'zh'] : t('reports.none');
    if (by === 'result') return names[scope] === undefined ? scope : nameOf(names[scope], i18n.language);
    if (by === 'team') {
      const name = teams.find(({ id }) => id === scope)?.name;
      return name === undefined ? scope : nameOf(namesIn(name), i18n.language);
    }
    if (by === 'queue') return queueName(scope);
    return by === 'agent' ? (agents.get(scope) ?? scope) : scope;
  };
}

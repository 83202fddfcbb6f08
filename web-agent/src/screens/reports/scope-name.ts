import { useTranslation } from 'react-i18next';
import type { ReportScope } from '../../../../services/shared/domain/figures/report.js';
import { useAgentNames } from '../seat/agent-names.js';
import { useQueueName } from '../seat/queue-names.js';

/** The scope of a report's row as people call it. */
export function useScopeName(by: ReportScope): (scope: string) => string {
  const { t, i18n } = useTranslation();
  const queueName = useQueueName(i18n.language);
  const agents = useAgentNames();
  return (scope) => {
    if (by === 'all') return '';
    if (scope === '') return t('reports.none');
    if (by === 'queue') return queueName(scope);
    return by === 'agent' ? (agents.get(scope) ?? scope) : scope;
  };
}

import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LicenceCase } from '../../../../services/shared/contracts/api/evidence/licence-cases.js';

const colors = { overdue: 'red', urgent: 'red', soon: 'gold', later: 'default', closed: 'green', submitted: 'blue' } as const;

/** How near the due day of a case is. A submitted case waits for no day; a case without a day shows nothing. */
export function CaseUrgency({ of: { dueOn, urgency, steps } }: { readonly of: LicenceCase }): ReactNode {
  const { t } = useTranslation();
  const isSubmitted = urgency !== 'closed' && steps.some(({ id, state }) => id === 'submit' && state === 'done');
  if (!isSubmitted && urgency !== 'closed' && dueOn === '') return null;
  const shown = isSubmitted ? 'submitted' : urgency;
  return <Tag color={colors[shown]}>{t(`licenceCases.urgency.${shown}`)}</Tag>;
}

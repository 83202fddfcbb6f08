import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Flow } from '../../../../../services/shared/contracts/flow.js';
import { useQueueName } from '../../seat/queue-names.js';
import { parts, placeOf, type FlowProblem } from './flow-edit.js';
import { aboutOf, outlineOf } from './flow-outline.js';

/** The flow as a caller meets it; each step and part can be chosen, and shows how much is wrong with it. */
export function FlowOutline({
  flow,
  problems,
  chosen,
  onChoose,
}: {
  readonly flow: Flow;
  readonly problems: readonly FlowProblem[];
  readonly chosen: string;
  readonly onChoose: (place: string) => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const queueName = useQueueName(i18n.language);
  const wrong = (place: string): ReactNode => {
    const count = problems.filter(({ where }) => placeOf(flow, where) === place).length;
    return count > 0 && <Tag color="red">{t('flow.problemCount', { count })}</Tag>;
  };
  const entry = (place: string, content: ReactNode): ReactNode => (
    <button
      type="button"
      className={place === chosen ? 'flow-place flow-place-chosen' : 'flow-place'}
      aria-current={place === chosen}
      onClick={() => onChoose(place)}
      data-testid={`flow-place-${place}`}
    >
      {content} {wrong(place)}
    </button>
  );
  return (
    <>
      <ul className="plain">
        {parts.map((part) => (
          <li key={part}>{entry(part, t(`flow.parts.${part}`))}</li>
        ))}
      </ul>
      <h2>{t('library.flow.outline')}</h2>
      <ol className="outline" data-testid="flow-outline">
        {outlineOf(flow).map(({ id, step, leads, reached }) => (
          <li key={id} className={reached ? '' : 'soft'}>
            {entry(
              id,
              <>
                <strong>{t(`library.flow.kinds.${step.kind}`)}</strong> {step.kind === 'queue' ? queueName(step.queueId) : aboutOf(step)}{' '}
                <code>{id}</code>
                {id === flow.start && <Tag color="blue">{t('library.flow.starts')}</Tag>}
                {id === flow.onClosed && <Tag color="gold">{t('flow.closedStart')}</Tag>}
              </>,
            )}
            {leads.map((lead) => (
              <div key={`${lead.by} ${lead.to}`} className="soft lead">
                {lead.key === undefined ? t(`flow.leads.${lead.by}`) : `${lead.key} ${lead.by}`} → <code>{lead.to}</code>
              </div>
            ))}
          </li>
        ))}
      </ol>
    </>
  );
}

/** What is wrong at one place, in words. */
export function ProblemList({ problems }: { readonly problems: readonly FlowProblem[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <ul className="problems" data-testid="flow-problems">
      {problems.map(({ where, problem, detail }) => (
        <li key={`${where} ${problem} ${detail}`}>
          {t(`library.flow.problems.${problem}`, { defaultValue: problem })}
          {detail !== '' && (
            <>
              {' '}
              <code>{/^[1-7]$/.test(detail) && where === 'hours' ? t(`flow.hours.days.${detail}`) : detail}</code>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

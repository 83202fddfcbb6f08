import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Flow } from '../../../../../services/shared/contracts/calls/flow.js';
import { parts, placeOf, type FlowProblem } from './flow-edit.js';
import { outlineOf } from './flow-outline.js';
import { useLeadWords, useStepNames } from './step-names.js';

/** The parts of a flow, and its steps in the order in which a caller meets them. Each can be chosen, and shows its number of problems. */
export function FlowOutline({
  flow,
  problems,
  chosen,
  onChoose,
  withSteps,
}: {
  readonly flow: Flow;
  readonly problems: readonly FlowProblem[];
  readonly chosen: string;
  /** False: the steps are drawn elsewhere. */
  readonly withSteps: boolean;
  readonly onChoose: (place: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  const names = useStepNames(flow);
  const leadWords = useLeadWords();
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
      {withSteps && (
        <ol className="outline" aria-label={t('library.flow.outline')} data-testid="flow-outline">
          {outlineOf(flow).map(({ id, leads, reached }) => (
            <li key={id} className={reached ? '' : 'soft'}>
              {entry(
                id,
                <>
                  <strong>{names(id).kind}</strong> {names(id).about}
                  {id === flow.start && <Tag color="blue">{t('library.flow.starts')}</Tag>}
                  {id === flow.onClosed && <Tag color="gold">{t('flow.closedStart')}</Tag>}
                </>,
              )}
              {leads.map((lead) => (
                <div key={`${lead.key ?? lead.by} ${lead.to}`} className="soft lead">
                  {leadWords(lead)} → {names(lead.to).whole}
                </div>
              ))}
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

/** The problems of one place, in words. */
export function ProblemList({ problems }: { readonly problems: readonly FlowProblem[] }): ReactNode {
  const { t, i18n } = useTranslation();
  const dayWords = (where: string, day: string): string => (/^[1-7]$/.test(day) && where === 'hours' ? t(`flow.hours.days.${day}`) : day);
  // The same fault on five days is one fault.
  const kinds = problems
    .filter(({ where, problem }, at) => problems.findIndex((other) => other.where === where && other.problem === problem) === at)
    .map(({ where, problem }) => ({
      where,
      problem,
      details: problems.filter((other) => other.where === where && other.problem === problem).map(({ detail }) => detail),
    }));
  // For `weekly.0.closes`: the name of its last part that has one.
  const fieldWords = (path: string): string => {
    const named = path.split('.').findLast((part) => i18n.exists(`flow.fields.${part}`));
    return named === undefined ? path : t(`flow.fields.${named}`);
  };
  const words = (where: string, problem: string, details: readonly string[]): string =>
    details.map((detail) => (problem === 'field' ? fieldWords(detail) : dayWords(where, detail))).join(', ');
  return (
    <ul className="problems" data-testid="flow-problems">
      {kinds.map(({ where, problem, details }) => (
        <li key={`${where} ${problem}`}>
          {t(`library.flow.problems.${problem}`, { defaultValue: problem })}
          {words(where, problem, details) !== '' && <strong> {words(where, problem, details)}</strong>}
          {problem === 'hours-backwards' && <div className="soft">{t('flow.hours.overnight')}</div>}
        </li>
      ))}
    </ul>
  );
}

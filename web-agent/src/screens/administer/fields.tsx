import { InputNumber, Select } from 'antd';
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Flow } from '../../../../services/shared/contracts/calls/flow.js';
import { useRead } from '../../session/use-server.js';
import { useStepNames } from './flow/step-names.js';
import { PromptListen } from './prompts/prompt-listen.js';
import { queuesForCallers } from './queues/served-by-people.js';
import { nameOf } from '../seat/queue-names.js';

/** A control under its label, with a hint below. An error message replaces the hint. */
export function Field({
  label,
  hint,
  fault,
  children,
}: {
  readonly label: string;
  readonly hint?: string;
  readonly fault?: string | undefined;
  readonly children: (id: string) => ReactNode;
}): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {fault !== undefined && <span className="bad">{fault}</span>}
      {fault === undefined && hint !== undefined && <span className="soft">{hint}</span>}
    </div>
  );
}

export function NumberField({
  label,
  hint,
  value,
  min,
  max,
  onChange,
}: {
  readonly label: string;
  readonly hint?: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
}): ReactNode {
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      {(id) => (
        <InputNumber
          id={id}
          className="full"
          min={min}
          max={max}
          precision={0}
          value={value}
          onChange={(next) => next !== null && onChange(next)}
        />
      )}
    </Field>
  );
}

/** A whole number of seconds for a value in milliseconds. */
export function SecondsField({
  label,
  ms,
  min,
  max,
  onChange,
}: {
  readonly label: string;
  readonly ms: number;
  /** `min` and `max` are in seconds. */
  readonly min: number;
  readonly max: number;
  readonly onChange: (ms: number) => void;
}): ReactNode {
  return <NumberField label={label} value={Math.round(ms / 1_000)} min={min} max={max} onChange={(seconds) => onChange(seconds * 1_000)} />;
}

/** A prompt of the library, with a button to play it. */
export function PromptField({
  label,
  value,
  optional = false,
  onChange,
}: {
  readonly label: string;
  readonly value: string | undefined;
  readonly optional?: boolean;
  readonly onChange: (promptId: string | undefined) => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const prompts = useRead('/prompts');
  const rows = prompts.data?.prompts ?? [];
  const ids = [...new Set(rows.map(({ promptId }) => promptId))].sort();
  // A prompt is found by its words as well as by its name.
  const labelOf = (id: string): string => {
    const said = rows.filter(({ promptId, words }) => promptId === id && words !== undefined);
    return `${id} ${(said.find((row) => row.language === i18n.language) ?? said[0])?.words ?? ''}`.trim();
  };
  const heard = rows.filter(({ promptId }) => promptId === value);
  const language = (heard.find((row) => row.language === i18n.language) ?? heard[0])?.language;
  return (
    <Field label={label}>
      {(id) => (
        <div className="row nowrap">
          <Select
            id={id}
            className="grow"
            showSearch={{ optionFilterProp: 'label' }}
            allowClear={optional}
            {...(value === undefined ? {} : { value })}
            placeholder={t('flow.none')}
            options={ids.map((each) => ({ value: each, label: labelOf(each) }))}
            onChange={(chosen: string | undefined) => onChange(chosen)}
          />
          {language !== undefined && <PromptListen language={language} promptId={value ?? ''} />}
        </div>
      )}
    </Field>
  );
}

/** Another step to go to. */
export function StepField({
  label,
  flow,
  value,
  none,
  onChange,
}: {
  readonly label: string;
  readonly flow: Flow;
  readonly value: string | undefined;
  /** The option for "none"; without it a step must be chosen. */
  readonly none?: string;
  readonly onChange: (id: string | undefined) => void;
}): ReactNode {
  const names = useStepNames(flow);
  return (
    <Field label={label}>
      {(id) => (
        <Select
          id={id}
          className="full"
          showSearch={{ optionFilterProp: 'label' }}
          allowClear={none !== undefined}
          {...(value === undefined ? {} : { value })}
          {...(none === undefined ? {} : { placeholder: none })}
          status={value !== undefined && flow.steps[value] === undefined ? 'error' : ''}
          options={Object.keys(flow.steps).map((each) => ({ value: each, label: names(each).whole, title: each }))}
          onChange={(chosen: string | undefined) => onChange(chosen)}
        />
      )}
    </Field>
  );
}

export function QueueField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (queueId: string) => void;
}): ReactNode {
  const { i18n } = useTranslation();
  const queues = useRead('/queues');
  return (
    <Field label={label}>
      {(id) => (
        <Select
          id={id}
          className="full"
          value={value}
          options={queuesForCallers(queues.data?.queues ?? [], value).map((queue) => ({
            value: queue.id,
            label: nameOf(queue.name, i18n.language),
          }))}
          onChange={onChange}
        />
      )}
    </Field>
  );
}

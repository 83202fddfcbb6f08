import { Button, Checkbox, Input, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Flow, FlowStep } from '../../../../../services/shared/contracts/calls/flow.js';
import { SkillLevels } from '../queues/skill-levels.js';
import { Field, NumberField, PromptField, QueueField, SecondsField, StepField } from '../fields.js';
import { renamed, telephoneKeys, withOptional } from './flow-edit.js';
import { MenuKeys } from './menu-keys.js';

interface StepFormProps<S extends FlowStep = FlowStep> {
  readonly flow: Flow;
  readonly step: S;
  readonly onChange: (step: FlowStep) => void;
}

/** The form for everything in one step. */
export function StepForm({
  id,
  onRename,
  onRemove,
  ...rest
}: StepFormProps & { readonly id: string; readonly onRename: (flow: Flow, id: string) => void; readonly onRemove: () => void }): ReactNode {
  const { t } = useTranslation();
  const [name, setName] = useState(id);
  const after = renamed(rest.flow, id, name);

  return (
    <div className="stack" data-testid={`step-form-${id}`}>
      <div className="row">
        <h2 className="grow">{t(`library.flow.kinds.${rest.step.kind}`)}</h2>
        <Button danger onClick={onRemove} data-testid="remove-step">
          {t('flow.removeStep')}
        </Button>
      </div>
      <Field label={t('flow.stepName')} hint={t('flow.stepNameHint')}>
        {(field) => (
          <Input
            id={field}
            value={name}
            maxLength={40}
            status={name !== id && after === rest.flow ? 'error' : ''}
            onChange={({ target }) => setName(target.value)}
            onBlur={() => (after === rest.flow ? setName(id) : onRename(after, name))}
          />
        )}
      </Field>
      <KindForm {...rest} />
    </div>
  );
}

function KindForm({ flow, step, onChange }: StepFormProps): ReactNode {
  const { t } = useTranslation();
  switch (step.kind) {
    case 'play':
      return (
        <>
          <PromptField label={t('flow.prompt')} value={step.promptId} onChange={(promptId = '') => onChange({ ...step, promptId })} />
          <StepField label={t('flow.then')} flow={flow} value={step.then} onChange={(then = '') => onChange({ ...step, then })} />
        </>
      );
    case 'menu':
      return <MenuForm flow={flow} step={step} onChange={onChange} />;
    case 'queue':
      return <QueueStepForm flow={flow} step={step} onChange={onChange} />;
    case 'message':
      return (
        <>
          <PromptField label={t('flow.prompt')} value={step.promptId} onChange={(promptId = '') => onChange({ ...step, promptId })} />
          <SecondsField label={t('flow.messageFor')} ms={step.maxMs} min={5} max={600} onChange={(maxMs) => onChange({ ...step, maxMs })} />
        </>
      );
    case 'callback':
      return (
        <>
          <QueueField label={t('flow.queue')} value={step.queueId} onChange={(queueId) => onChange({ ...step, queueId })} />
          <PromptField label={t('flow.prompt')} value={step.promptId} onChange={(promptId = '') => onChange({ ...step, promptId })} />
        </>
      );
    case 'transfer':
      return (
        <>
          <Field label={t('flow.number')} hint={t('flow.numberHint')}>
            {(id) => (
              <Input
                id={id}
                value={step.number}
                inputMode="tel"
                maxLength={25}
                onChange={({ target }) => onChange({ ...step, number: target.value })}
              />
            )}
          </Field>
          <StepField
            label={t('flow.notReached')}
            flow={flow}
            value={step.otherwise}
            none={t('flow.endsCall')}
            onChange={(otherwise) => onChange(withOptional(step, 'otherwise', otherwise))}
          />
        </>
      );
    case 'hang-up':
      return (
        <>
          <PromptField
            label={t('flow.prompt')}
            value={step.promptId}
            optional
            onChange={(promptId) => onChange(withOptional(step, 'promptId', promptId))}
          />
          <Field label={t('flow.cause')}>
            {(id) => (
              <Select
                id={id}
                className="full"
                value={step.cause}
                options={(['completed', 'closed', 'centre-busy'] as const).map((value) => ({ value, label: t(`calls.causes.${value}`) }))}
                onChange={(cause) => onChange({ ...step, cause })}
              />
            )}
          </Field>
        </>
      );
  }
}

function MenuForm({ flow, step, onChange }: StepFormProps<Extract<FlowStep, { kind: 'menu' }>>): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <PromptField label={t('flow.prompt')} value={step.promptId} onChange={(promptId = '') => onChange({ ...step, promptId })} />
      <MenuKeys flow={flow} keys={step.keys} onChange={(keys) => onChange({ ...step, keys })} />
      <div className="two">
        <SecondsField label={t('flow.keyWait')} ms={step.waitMs} min={1} max={30} onChange={(waitMs) => onChange({ ...step, waitMs })} />
        <NumberField label={t('flow.tries')} value={step.tries} min={1} max={5} onChange={(tries) => onChange({ ...step, tries })} />
        <PromptField
          label={t('flow.wrongKey')}
          value={step.wrongKeyPromptId}
          onChange={(wrongKeyPromptId = '') => onChange({ ...step, wrongKeyPromptId })}
        />
        <StepField
          label={t('flow.nothingPressed')}
          flow={flow}
          value={step.otherwise}
          onChange={(otherwise = '') => onChange({ ...step, otherwise })}
        />
      </div>
    </>
  );
}

function QueueStepForm({ flow, step, onChange }: StepFormProps<Extract<FlowStep, { kind: 'queue' }>>): ReactNode {
  const { t } = useTranslation();
  const { announce } = step;
  const target = (name: 'onTimeout' | 'onFull' | 'onNoAgent'): ReactNode => (
    <StepField
      label={t(`flow.${name}`)}
      flow={flow}
      value={step[name]}
      none={t('flow.queueDecides')}
      onChange={(id) => onChange(withOptional(step, name, id))}
    />
  );
  return (
    <>
      <div className="two">
        <QueueField label={t('flow.queue')} value={step.queueId} onChange={(queueId) => onChange({ ...step, queueId })} />
        <NumberField
          label={t('flow.priority')}
          hint={t('flow.priorityHint')}
          value={step.priority}
          min={0}
          max={100}
          onChange={(priority) => onChange({ ...step, priority })}
        />
        <SecondsField
          label={t('flow.maxWait')}
          ms={step.maxWaitMs}
          min={1}
          max={7_200}
          onChange={(maxWaitMs) => onChange({ ...step, maxWaitMs })}
        />
        {target('onTimeout')}
        {target('onFull')}
        {target('onNoAgent')}
      </div>
      <h3>{t('flow.skills')}</h3>
      <SkillLevels skills={step.skills} onChange={(skills) => onChange({ ...step, skills })} />
      <h3>{t('flow.whileWaiting')}</h3>
      <Checkbox
        checked={announce !== undefined}
        onChange={({ target: { checked } }) =>
          onChange(
            withOptional(step, 'announce', checked ? { everyMs: 45_000, position: true, wait: false, promptId: 'please-wait' } : undefined),
          )
        }
      >
        {t('flow.announce')}
      </Checkbox>
      {announce !== undefined && (
        <>
          <div className="two">
            <SecondsField
              label={t('flow.announceEvery')}
              ms={announce.everyMs}
              min={5}
              max={600}
              onChange={(everyMs) => onChange({ ...step, announce: { ...announce, everyMs } })}
            />
            <PromptField
              label={t('flow.comfort')}
              value={announce.promptId}
              optional
              onChange={(promptId) => onChange({ ...step, announce: withOptional(announce, 'promptId', promptId) })}
            />
          </div>
          <Checkbox
            checked={announce.position}
            onChange={({ target: { checked } }) => onChange({ ...step, announce: { ...announce, position: checked } })}
          >
            {t('flow.announcePosition')}
          </Checkbox>
          <Checkbox
            checked={announce.wait}
            onChange={({ target: { checked } }) => onChange({ ...step, announce: { ...announce, wait: checked } })}
          >
            {t('flow.announceWait')}
          </Checkbox>
        </>
      )}
      <Field label={t('flow.callbackKey')} hint={t('flow.callbackKeyHint')}>
        {(id) => (
          <Select
            id={id}
            className="short"
            allowClear
            placeholder={t('flow.none')}
            {...(step.callbackKey === undefined ? {} : { value: step.callbackKey })}
            options={telephoneKeys.map((value) => ({ value, label: value }))}
            onChange={(key: string | undefined) => onChange(withOptional(step, 'callbackKey', key))}
          />
        )}
      </Field>
    </>
  );
}

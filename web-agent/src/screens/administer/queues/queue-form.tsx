import { Button, Checkbox, Input, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { serviceLevelKeys } from '../../../../../services/shared/domain/figures/keys.js';
import { figureRegistry } from '../../../../../services/shared/domain/figures/registry.js';
import { useChange, useRead } from '../../../session/use-server.js';
import { Field, NumberField, SecondsField } from '../fields.js';
import { idFrom } from '../ids.js';
import { QueueOverflow, QueueRings } from './queue-form-parts.js';
import { faultsOf, freshQueue, strategies, wholeQueue, type QueueFault, type QueueSettings } from './queue-settings.js';
import { SkillLevels } from './skill-levels.js';
import { FormDrawer } from '../../../components/form-drawer.js';

type FaultWords = (...which: readonly QueueFault[]) => string | undefined;

const textField = (
  label: string,
  value: string,
  fault: string | undefined,
  onText: (value: string) => void,
  testId: string,
  disabled = false,
  hint = '',
): ReactNode => (
  <Field label={label} fault={fault} {...(disabled || hint === '' ? {} : { hint })}>
    {(id) => (
      <Input
        id={id}
        value={value}
        maxLength={60}
        disabled={disabled}
        status={fault === undefined ? '' : 'error'}
        onChange={({ target }) => onText(target.value)}
        data-testid={testId}
      />
    )}
  </Field>
);

/** All settings of a queue: saved, or passed to `onTry` if it is given. */
export function QueueForm({
  queue: before,
  others,
  onClose,
  onTry,
}: {
  readonly queue: QueueSettings | null;
  readonly others: readonly QueueSettings[];
  readonly onClose: () => void;
  readonly onTry?: (queue: QueueSettings) => void;
}): ReactNode {
  const { t } = useTranslation();
  const [queue, setQueue] = useState<QueueSettings>(before ?? freshQueue);
  const [tried, setTried] = useState(false);
  const change = useChange('queues', onClose);
  const taken = before === null ? others.map(({ id }) => id) : [];
  const made = idFrom(queue.name['en'] || queue.name['zh-CN'], 'queue', taken);
  const whole = wholeQueue(queue, before === null ? made : queue.id);
  const faults = tried ? faultsOf(whole, taken) : [];
  const faultWords: FaultWords = (...which) => {
    const found = which.find((fault) => faults.includes(fault));
    return found === undefined ? undefined : t(`administer.queues.faults.${found}`);
  };
  const set = (part: Partial<QueueSettings>): void => setQueue((was) => ({ ...was, ...part }));

  function save(): void {
    setTried(true);
    if (faultsOf(whole, taken).length > 0) return;
    if (onTry !== undefined) {
      onTry(whole);
      onClose();
      return;
    }
    const { id, ...body } = whole;
    change.mutate({ route: 'PUT /queues/:queueId', params: { queueId: id }, body, isNew: before === null });
  }

  return (
    <FormDrawer
      open
      size={640}
      title={
        before === null ? t('administer.queues.add') : onTry === undefined ? t('administer.queues.edit') : t('supervise.replay.change')
      }
      onClose={onClose}
      extra={
        <Button type="primary" loading={change.isPending} onClick={save} data-testid="save-queue">
          {onTry === undefined ? t('shell.save') : t('supervise.replay.take')}
        </Button>
      }
    >
      <div className="stack" data-testid="queue-form">
        {textField(
          t('administer.queues.id'),
          queue.id,
          faultWords('id', 'taken'),
          (id) => set({ id }),
          'queue-id',
          before !== null,
          t('setUp.made.id', { id: made }),
        )}
        <div className="two">
          {textField(
            t('administer.queues.nameZh'),
            queue.name['zh-CN'] ?? '',
            faultWords('nameZh'),
            (zh) => set({ name: { ...queue.name, 'zh-CN': zh } }),
            'queue-name-zh',
          )}
          {textField(
            t('administer.queues.nameEn'),
            queue.name['en'] ?? '',
            undefined,
            (en) => set({ name: { ...queue.name, en } }),
            'queue-name-en',
            false,
            t('setUp.made.nameEn'),
          )}
        </div>

        <Who queue={queue} set={set} faultWords={faultWords} />

        <h3>{t('administer.queues.skills')}</h3>
        <SkillLevels skills={queue.skills} onChange={(skills) => set({ skills })} />
        <QueueRings rings={queue.rings} isWrong={faults.includes('rings')} onChange={(rings) => set({ rings })} />

        <Offer queue={queue} set={set} />

        <Waiting queue={queue} set={set} faultWords={faultWords} others={others} />

        <h3>{t('administer.queues.wrapUp')}</h3>
        <WrapUp wrapUp={queue.wrapUp} onChange={(wrapUp) => set({ wrapUp })} />

        <h3>{t('administer.queues.serviceLevel')}</h3>
        <Target level={queue.serviceLevel} onChange={(serviceLevel) => set({ serviceLevel })} />
      </div>
    </FormDrawer>
  );
}

function Members({
  queue,
  fault,
  set,
}: {
  readonly queue: QueueSettings;
  readonly fault: string | undefined;
  readonly set: (part: Partial<QueueSettings>) => void;
}): ReactNode {
  const { t } = useTranslation();
  const people = useRead('/users');
  const { members } = queue;
  return (
    <>
      <Checkbox
        checked={members === 'everyone'}
        onChange={({ target }) => set({ members: target.checked ? 'everyone' : [] })}
        data-testid="queue-everyone"
      >
        {t('administer.queues.everyone')}
      </Checkbox>
      {members !== 'everyone' && (
        <Field
          label={t('administer.queues.members')}
          fault={fault}
          {...(queue.strategy === 'top-down' ? { hint: t('administer.queues.membersOrder') } : {})}
        >
          {(id) => (
            <Select
              id={id}
              mode="multiple"
              status={fault === undefined ? '' : 'error'}
              value={[...members]}
              showSearch={{ optionFilterProp: 'label' }}
              options={(people.data?.users ?? [])
                .filter(({ roles }) => roles.includes('agent') || roles.includes('supervisor'))
                .map(({ id: value, displayName }) => ({ value, label: displayName }))}
              onChange={(chosen) => set({ members: chosen })}
            />
          )}
        </Field>
      )}
    </>
  );
}

function WrapUp({
  wrapUp,
  onChange,
}: {
  readonly wrapUp: QueueSettings['wrapUp'];
  readonly onChange: (wrapUp: QueueSettings['wrapUp']) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <div className="two">
        <Field label={t('administer.queues.wrapUpMode')}>
          {(id) => (
            <Select
              id={id}
              value={wrapUp.mode}
              options={(['none', 'fixed', 'manual'] as const).map((value) => ({ value, label: t(`administer.queues.wrapUps.${value}`) }))}
              onChange={(mode) => onChange({ ...wrapUp, mode })}
            />
          )}
        </Field>
        {wrapUp.mode === 'fixed' && (
          <SecondsField
            label={t('administer.queues.wrapUpFor')}
            ms={wrapUp.ms}
            min={0}
            max={3_600}
            onChange={(ms) => onChange({ ...wrapUp, ms })}
          />
        )}
      </div>
      {wrapUp.mode === 'fixed' && (
        <Checkbox checked={wrapUp.extendable} onChange={({ target }) => onChange({ ...wrapUp, extendable: target.checked })}>
          {t('administer.queues.extendable')}
        </Checkbox>
      )}
      <Checkbox checked={wrapUp.untilDisposed} onChange={({ target }) => onChange({ ...wrapUp, untilDisposed: target.checked })}>
        {t('administer.queues.untilDisposed')}
      </Checkbox>
    </>
  );
}

function Target({
  level,
  onChange,
}: {
  readonly level: QueueSettings['serviceLevel'];
  readonly onChange: (level: QueueSettings['serviceLevel']) => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  return (
    <div className="two">
      <NumberField
        label={t('administer.queues.targetPercent')}
        value={level.targetPercent}
        min={1}
        max={100}
        onChange={(targetPercent) => onChange({ ...level, targetPercent })}
      />
      <SecondsField
        label={t('administer.queues.threshold')}
        ms={level.thresholdMs}
        min={1}
        max={3_600}
        onChange={(thresholdMs) => onChange({ ...level, thresholdMs })}
      />
      <Field label={t('administer.queues.formula')} hint={figureRegistry[level.formula].text[language]}>
        {(id) => (
          <Select
            id={id}
            value={level.formula}
            options={serviceLevelKeys.map((value) => ({ value, label: figureRegistry[value].name[language] }))}
            onChange={(formula) => onChange({ ...level, formula })}
          />
        )}
      </Field>
    </div>
  );
}

function Who({
  queue,
  set,
  faultWords,
}: {
  readonly queue: QueueSettings;
  readonly set: (part: Partial<QueueSettings>) => void;
  readonly faultWords: FaultWords;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <h3>{t('administer.queues.who')}</h3>
      <Field label={t('administer.queues.strategy')} hint={t(`administer.queues.strategyHints.${queue.strategy}`)}>
        {(id) => (
          <Select
            id={id}
            value={queue.strategy}
            options={strategies.map((value) => ({ value, label: t(`administer.queues.strategies.${value}`) }))}
            onChange={(strategy) => set({ strategy })}
          />
        )}
      </Field>
      <Members queue={queue} fault={faultWords('members')} set={set} />
      <NumberField
        label={t('administer.queues.priority')}
        hint={t('administer.queues.priorityHint')}
        value={queue.priority}
        min={0}
        max={100}
        onChange={(priority) => set({ priority })}
      />
    </>
  );
}

function Offer({ queue, set }: { readonly queue: QueueSettings; readonly set: (part: Partial<QueueSettings>) => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <h3>{t('administer.queues.offer')}</h3>
      <div className="two">
        <SecondsField
          label={t('administer.queues.ringFor')}
          ms={queue.ringForMs}
          min={3}
          max={120}
          onChange={(ringForMs) => set({ ringForMs })}
        />
        <SecondsField
          label={t('administer.queues.stickyFor')}
          ms={queue.stickyForMs}
          min={0}
          max={600}
          onChange={(stickyForMs) => set({ stickyForMs })}
        />
      </div>
      <Checkbox checked={queue.autoAnswer} onChange={({ target }) => set({ autoAnswer: target.checked })}>
        {t('administer.queues.autoAnswer')}
      </Checkbox>
    </>
  );
}

function Waiting({
  queue,
  set,
  faultWords,
  others,
}: {
  readonly queue: QueueSettings;
  readonly set: (part: Partial<QueueSettings>) => void;
  readonly faultWords: FaultWords;
  readonly others: readonly QueueSettings[];
}): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <h3>{t('administer.queues.waiting')}</h3>
      <div className="two">
        <NumberField
          label={t('administer.queues.maxLength')}
          value={queue.maxLength}
          min={1}
          max={10_000}
          onChange={(maxLength) => set({ maxLength })}
        />
        <SecondsField
          label={t('administer.queues.maxWait')}
          ms={queue.maxWaitMs}
          min={5}
          max={7_200}
          onChange={(maxWaitMs) => set({ maxWaitMs })}
        />
      </div>
      <QueueOverflow
        overflow={queue.overflow}
        others={others.filter(({ id }) => id !== queue.id)}
        fault={faultWords('overflowQueue', 'overflowNumber')}
        onChange={(overflow) => set({ overflow })}
      />
      <Checkbox checked={queue.admitWithoutAgents} onChange={({ target }) => set({ admitWithoutAgents: target.checked })}>
        {t('administer.queues.admitWithoutAgents')}
      </Checkbox>
    </>
  );
}

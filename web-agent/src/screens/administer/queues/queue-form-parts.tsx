import { Button, Input, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Overflow } from '../../../../../services/shared/contracts/queues/overflow.js';
import { firstQueue } from '../flow/flow-edit.js';
import { Field, NumberField, SecondsField } from '../fields.js';
import { withNextRing, type QueueSettings, type SkillRing } from './queue-settings.js';
import { queuesForCallers } from './served-by-people.js';
import { nameOf } from '../../seat/queue-names.js';

/** After how long a wait the required skill levels are lowered, and by how much. */
export function QueueRings({
  rings,
  isWrong,
  onChange,
}: {
  readonly rings: readonly SkillRing[];
  readonly isWrong: boolean;
  readonly onChange: (rings: SkillRing[]) => void;
}): ReactNode {
  const { t } = useTranslation();
  const change = (place: number, ring: SkillRing): void => onChange(rings.map((each, at) => (at === place ? ring : each)));
  return (
    <>
      <span className="soft">{t('administer.queues.ringsHint')}</span>
      {rings.map((ring, place) => (
        <div key={place} className="row" data-testid={`ring-${place}`}>
          <SecondsField
            label={t('administer.queues.ringAfter')}
            ms={ring.afterMs}
            min={0}
            max={7_200}
            onChange={(afterMs) => change(place, { ...ring, afterMs })}
          />
          <NumberField
            label={t('administer.queues.ringLower')}
            value={ring.lowerBy}
            min={1}
            max={10}
            onChange={(lowerBy) => change(place, { ...ring, lowerBy })}
          />
          <Button onClick={() => onChange(rings.filter((_each, at) => at !== place))}>{t('flow.remove')}</Button>
        </div>
      ))}
      {isWrong && <span className="bad">{t('administer.queues.ringsWrong')}</span>}
      {rings.length < 10 && (
        <div>
          <Button onClick={() => onChange(withNextRing(rings))} data-testid="add-ring">
            {t('administer.queues.addRing')}
          </Button>
        </div>
      )}
    </>
  );
}

const targets = ['hang-up', 'queue', 'message', 'callback', 'number'] as const satisfies readonly Overflow['to'][];

/** Where callers go who have waited for the longest allowed time, or who find the queue full. */
export function QueueOverflow({
  overflow,
  others,
  fault,
  onChange,
}: {
  readonly overflow: Overflow;
  readonly others: readonly QueueSettings[];
  readonly fault: string | undefined;
  readonly onChange: (overflow: Overflow) => void;
}): ReactNode {
  const { t, i18n } = useTranslation();

  function choose(to: Overflow['to']): void {
    if (to === 'queue') onChange({ to, queueId: firstQueue(others)?.id ?? '' });
    else if (to === 'number') onChange({ to, number: '' });
    else onChange({ to });
  }

  return (
    <div className="two">
      <Field label={t('administer.queues.overflow')}>
        {(id) => (
          <Select
            id={id}
            value={overflow.to}
            options={targets.map((value) => ({ value, label: t(`administer.queues.overflows.${value}`) }))}
            onChange={choose}
          />
        )}
      </Field>
      {overflow.to === 'queue' && (
        <Field label={t('administer.queues.overflowQueue')} fault={fault}>
          {(id) => (
            <Select
              id={id}
              value={overflow.queueId}
              status={fault === undefined ? '' : 'error'}
              options={queuesForCallers(others, overflow.queueId).map((queue) => ({
                value: queue.id,
                label: nameOf(queue.name, i18n.language),
              }))}
              onChange={(queueId) => onChange({ to: 'queue', queueId })}
            />
          )}
        </Field>
      )}
      {overflow.to === 'number' && (
        <Field label={t('administer.queues.overflowNumber')} fault={fault}>
          {(id) => (
            <Input
              id={id}
              value={overflow.number}
              inputMode="tel"
              maxLength={25}
              status={fault === undefined ? '' : 'error'}
              onChange={({ target }) => onChange({ to: 'number', number: target.value })}
            />
          )}
        </Field>
      )}
    </div>
  );
}

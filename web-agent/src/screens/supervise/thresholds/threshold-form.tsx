import { InputNumber, Select, Switch } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Threshold, ThresholdDraft } from '../../../../../services/shared/contracts/queues/threshold.js';
import { boardFigureKeys } from '../../../../../services/shared/domain/figures/keys.js';
import { figureRegistry } from '../../../../../services/shared/domain/figures/registry.js';
import {
  agentFigures,
  isOfPeople,
  limitsFault,
  thresholdDirections,
  thresholdScopes,
  thresholdWindows,
  type ThresholdScopeKind,
} from '../../../../../services/shared/domain/figures/threshold.js';
import { useChange, useRead } from '../../../session/use-server.js';
import { useMay, useProfile, useWholeSite } from '../../../session/use-workplace.js';
import { Field, NumberField } from '../../administer/fields.js';
import { namesIn } from '../../administer/people/team-names.js';
import { queuesForCallers } from '../../administer/queues/served-by-people.js';
import { nameOf } from '../../seat/queue-names.js';
import { FormModal } from '../../../components/form-drawer.js';

const newThreshold: ThresholdDraft = {
  scope: { of: 'queue', id: '' },
  figure: 'waiting',
  window: 'today',
  worse: 'above',
  warn: 5,
  alarm: 10,
  clear: 3,
  minimumSample: 10,
  holdOffSeconds: 30,
  people: [],
  active: true,
};

/** The first draft for team leaders: few calls were answered within the threshold. */
const newOfTeam: ThresholdDraft = {
  ...newThreshold,
  ...{ scope: { of: 'team', id: '' }, figure: 'sl.answered', worse: 'below', warn: 80, alarm: 70, clear: 85 },
};

/** What the draft still lacks, as the key of its words. */
function faultOf({ scope, ...limits }: ThresholdDraft): 'none' | 'alarm' | 'clear' | 'id' | undefined {
  if (scope.of !== 'site' && scope.id === '') return 'id';
  const at = limitsFault(limits)?.at;
  if (at === 'alarm' || at === 'clear') return at;
  return at === undefined ? undefined : 'none';
}

export function ThresholdForm({
  threshold,
  people,
  onClose,
}: {
  readonly threshold: Threshold | undefined;
  readonly people: readonly { readonly userId: string; readonly name: string }[];
  readonly onClose: () => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const wholeSite = useWholeSite();
  const leads = (useProfile().scope.teams?.length ?? 0) > 0;
  const [draft, setDraft] = useState<ThresholdDraft>(() => draftOf(threshold, leads));
  // The id is made with the form, so that two thresholds added at once stay two.
  const [thresholdId] = useState(() => threshold?.id ?? crypto.randomUUID());
  const change = useChange('thresholds', onClose);
  const set = (part: Partial<ThresholdDraft>): void => setDraft((before) => ({ ...before, ...part }));
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const fault = faultOf(draft);
  const figures = isOfPeople(draft.scope.of) ? agentFigures : boardFigureKeys;
  // People who see everything may choose any scope, including the whole centre and single agents; team leaders may choose only a team.
  const scopes = thresholdScopes.filter((of) => wholeSite || (leads ? of === 'team' : of !== 'site' && !isOfPeople(of)));
  function setScope(of: ThresholdScopeKind): void {
    const isKept = !isOfPeople(of) || (agentFigures as readonly string[]).includes(draft.figure);
    set({ scope: { of, id: '' }, ...(isKept ? {} : { figure: 'answered' }) });
  }
  return (
    <FormModal
      open
      title={t(threshold === undefined ? 'thresholds.add' : 'thresholds.edit')}
      okText={t('shell.save')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ disabled: fault !== undefined, 'data-testid': 'threshold-save' }}
      confirmLoading={change.isPending}
      onCancel={onClose}
      onOk={() => change.mutate({ route: 'PUT /thresholds/:thresholdId', params: { thresholdId }, body: draft })}
    >
      <div className="stack" data-testid="threshold-form">
        <Choice
          label={t('thresholds.scope')}
          values={scopes}
          value={draft.scope.of}
          word={(of) => t(`thresholds.scopes.${of}`)}
          onChange={setScope}
        />
        {draft.scope.of !== 'site' && (
          <ScopeObject
            scope={draft.scope}
            fault={fault === 'id' ? t('thresholds.faults.id') : undefined}
            onChange={(id) => set({ scope: { ...draft.scope, id } })}
          />
        )}
        <Choice
          label={t('thresholds.figure')}
          values={figures}
          value={draft.figure}
          word={(key) => figureRegistry[key].name[language]}
          onChange={(figure) => set({ figure })}
        />
        <Choice
          label={t('thresholds.window')}
          values={thresholdWindows}
          value={draft.window}
          word={(window) => t(`thresholds.windows.${window}`)}
          onChange={(window) => set({ window })}
        />
        <Choice
          label={t('thresholds.worse')}
          values={thresholdDirections}
          value={draft.worse}
          word={(worse) => t(`thresholds.worseBy.${worse}`)}
          onChange={(worse) => set({ worse })}
        />
        <LimitFields draft={draft} fault={fault} onChange={set} />
        <Field label={t('thresholds.people')} hint={t('thresholds.peopleHint')}>
          {(id) => (
            <Select
              id={id}
              mode="multiple"
              value={draft.people}
              showSearch={{ optionFilterProp: 'label' }}
              options={people.map(({ userId, name }) => ({ value: userId, label: name }))}
              onChange={(chosen) => set({ people: chosen })}
            />
          )}
        </Field>
        <Field label={t('thresholds.active')}>
          {(id) => <Switch id={id} checked={draft.active} onChange={(active) => set({ active })} />}
        </Field>
      </div>
    </FormModal>
  );
}

/** The limits at which a threshold begins and is over. */
function LimitFields({
  draft,
  fault,
  onChange: set,
}: {
  readonly draft: ThresholdDraft;
  readonly fault: ReturnType<typeof faultOf>;
  readonly onChange: (part: Partial<ThresholdDraft>) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <Limit
        label={t('thresholds.warn')}
        hint={t('thresholds.noneHint')}
        fault={fault === 'none' ? t('thresholds.faults.none') : undefined}
        value={draft.warn}
        onChange={(warn) => set({ warn })}
        testId="threshold-warn"
      />
      <Limit
        label={t('thresholds.alarm')}
        fault={fault === 'alarm' ? t('thresholds.faults.alarm') : undefined}
        value={draft.alarm}
        onChange={(alarm) => set({ alarm })}
        testId="threshold-alarm"
      />
      <Limit
        label={t('thresholds.clear')}
        hint={t('thresholds.clearHint')}
        fault={fault === 'clear' ? t('thresholds.faults.clear') : undefined}
        value={draft.clear}
        onChange={(clear) => clear !== undefined && set({ clear })}
        testId="threshold-clear"
      />
      <NumberField
        label={t('thresholds.minimumSample')}
        hint={t('thresholds.sampleHint')}
        value={draft.minimumSample}
        min={0}
        max={100_000}
        onChange={(minimumSample) => set({ minimumSample })}
      />
      <NumberField
        label={t('thresholds.holdOff')}
        hint={t('thresholds.holdOffHint')}
        value={draft.holdOffSeconds}
        min={0}
        max={3_600}
        onChange={(holdOffSeconds) => set({ holdOffSeconds })}
      />
    </>
  );
}

function draftOf(threshold: Threshold | undefined, leads: boolean): ThresholdDraft {
  if (threshold === undefined) return leads ? newOfTeam : newThreshold;
  const { id: _id, changedBy: _by, ...draft } = threshold;
  return draft;
}

function Choice<T extends string>({
  label,
  values,
  value,
  word,
  onChange,
}: {
  readonly label: string;
  readonly values: readonly T[];
  readonly value: T;
  readonly word: (value: T) => string;
  readonly onChange: (value: T) => void;
}): ReactNode {
  return (
    <Field label={label}>
      {(id) => <Select<T> id={id} value={value} options={values.map((each) => ({ value: each, label: word(each) }))} onChange={onChange} />}
    </Field>
  );
}

function Limit({
  label,
  hint,
  fault,
  value,
  onChange,
  testId,
}: {
  readonly label: string;
  readonly hint?: string;
  readonly fault: string | undefined;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
  readonly testId: string;
}): ReactNode {
  return (
    <Field label={label} fault={fault} {...(hint === undefined ? {} : { hint })}>
      {(id) => (
        <InputNumber
          id={id}
          className="full"
          min={0}
          max={1_000_000}
          value={value ?? null}
          onChange={(next) => onChange(next ?? undefined)}
          data-testid={testId}
        />
      )}
    </Field>
  );
}

/** The queue, number, client unit, agent or team that the threshold is for. */
function ScopeObject({
  scope: { of, id: chosen },
  fault,
  onChange,
}: {
  readonly scope: ThresholdDraft['scope'];
  readonly fault: string | undefined;
  readonly onChange: (id: string) => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const queues = useRead('/queues', { enabled: of === 'queue' });
  const numbers = useRead('/numbers', { enabled: may('flows.edit') && (of === 'number' || of === 'client-unit') });
  const people = useRead('/users/names', { enabled: of === 'agent' });
  const teams = useRead('/teams', { enabled: of === 'team' });
  const units = new Set((numbers.data?.numbers ?? []).flatMap(({ clientUnit }) => (clientUnit === undefined ? [] : [clientUnit])));
  const options = {
    site: [],
    queue: queuesForCallers(queues.data?.queues ?? [], chosen).map(({ id, name }) => ({ value: id, label: nameOf(name, i18n.language) })),
    number: (numbers.data?.numbers ?? []).map(({ number, name }) => ({ value: number, label: `${number} ${name ?? ''}`.trim() })),
    'client-unit': [...units].map((unit) => ({ value: unit, label: unit })),
    agent: Object.entries(people.data?.names ?? {}).map(([value, label]) => ({ value, label })),
    team: (teams.data?.teams ?? [])
      .filter(({ id, closedAt }) => closedAt === null || id === chosen)
      .map(({ id, name }) => ({ value: id, label: nameOf(namesIn(name), i18n.language) })),
  }[of];
  return (
    <Field label={t('thresholds.of')} fault={fault}>
      {(id) => (
        <Select
          id={id}
          {...(chosen === '' ? {} : { value: chosen })}
          showSearch={{ optionFilterProp: 'label' }}
          options={options}
          onChange={onChange}
          data-testid="threshold-of"
        />
      )}
    </Field>
  );
}

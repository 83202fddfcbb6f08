import { Button, Input, Segmented, Select } from 'antd';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { campaignModes, type CampaignMode } from '../../../../../services/shared/domain/calls/campaign.js';
import { callPurposes } from '../../../../../services/shared/domain/calls/call-purpose.js';
import { useChange, useRead } from '../../../session/use-server.js';
import { useWholeSite } from '../../../session/use-workplace.js';
import { Field, NumberField } from '../../administer/fields.js';
import { nameOf, useQueues } from '../../seat/queue-names.js';
import type { CampaignView, TypedStretch } from '../calling-out.js';
import { StretchFields } from '../hours-rules.js';
import { FormDrawer } from '../../../components/form-drawer.js';
import { callerNumbers, hoursTyped, lacksOf, settingsOf, typedHours, usual, type Lack, type Settings } from './campaign-draft.js';

/** The list, the purpose, the number, and the agents of a campaign. */
export function CampaignForm({
  campaign,
  like = usual,
  onClose,
}: {
  readonly campaign?: CampaignView;
  /** The settings that a new campaign begins with. */
  readonly like?: Settings;
  readonly onClose: () => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const queues = (useQueues() ?? []).filter(({ internal }) => !internal);
  const [given, setGiven] = useState<Settings>(campaign === undefined ? like : settingsOf(campaign));
  const [hours, setHours] = useState(() => typedHours(given));
  const change = useChange('campaigns', onClose);
  const set = (part: Partial<Settings>): void => setGiven({ ...given, ...part });
  const own = hoursTyped(hours);
  const { faultOf, isWhole, form } = useLacks(given);
  const save = (): void => {
    if (!isWhole() || own === 'wrong') return;
    const { hours: _earlier, ...others } = given;
    const body: Settings = own === undefined ? others : { ...others, hours: own };
    if (campaign === undefined) change.mutate({ route: 'POST /campaigns', body });
    else change.mutate({ route: 'PUT /campaigns/:id', params: { id: campaign.id }, body });
  };
  return (
    <FormDrawer
      open
      size={520}
      title={t(campaign === undefined ? 'campaigns.make' : 'shell.edit')}
      onClose={onClose}
      extra={
        <Button type="primary" loading={change.isPending} onClick={save} data-testid="save-campaign">
          {t('shell.save')}
        </Button>
      }
    >
      <div className="stack" ref={form}>
        <Field label={t('campaigns.name')} fault={faultOf('name')}>
          {(id) => (
            <Input
              id={id}
              value={given.name}
              maxLength={80}
              onChange={({ target }) => set({ name: target.value })}
              data-testid="campaign-name"
            />
          )}
        </Field>
        <CallerNumber value={given.from} fault={faultOf('from')} onChange={(from) => set({ from })} />
        <Field label={t('callingOut.purpose')}>
          {(id) => (
            <Select
              id={id}
              value={given.purpose}
              options={callPurposes.map((value) => ({ value, label: t(`seat.dial.purposes.${value}`) }))}
              onChange={(purpose) => set({ purpose })}
            />
          )}
        </Field>
        <Field label={t('campaigns.form.queue')} hint={t('campaigns.form.queueHint')} fault={faultOf('queueId')}>
          {(id) => (
            <Select
              id={id}
              {...(given.queueId === '' ? {} : { value: given.queueId })}
              options={queues.map(({ queueId, name }) => ({ value: queueId, label: nameOf(name, i18n.language) }))}
              onChange={(queueId: string) => set({ queueId })}
              data-testid="campaign-queue"
            />
          )}
        </Field>
        <Field label={t('campaigns.mode')} hint={t(`campaigns.modeHints.${given.mode}`)}>
          {() => (
            <Segmented<CampaignMode>
              value={given.mode}
              aria-label={t('campaigns.mode')}
              options={campaignModes.map((value) => ({ value, label: t(`campaigns.modes.${value}`) }))}
              onChange={(mode) => set({ mode })}
            />
          )}
        </Field>
        <Field label={t('campaigns.form.script')} hint={t('campaigns.form.scriptHint')}>
          {(id) => (
            <Input.TextArea
              id={id}
              rows={4}
              value={given.script}
              maxLength={4_000}
              onChange={({ target }) => set({ script: target.value })}
              data-testid="campaign-script"
            />
          )}
        </Field>
        <Hours typed={hours} isWrong={own === 'wrong'} onChange={setHours} />
        <Limits given={given} set={set} />
      </div>
    </FormDrawer>
  );
}

/** Once *Save* was pressed, what is lacking is named under its field, and the first such field has the focus. */
function useLacks(given: Settings) {
  const { t } = useTranslation();
  const [presses, setPresses] = useState(0);
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (presses > 0) form.current?.querySelector<HTMLElement>('.field:has(> .bad) input')?.focus();
  }, [presses]);
  const lacks = lacksOf(given);
  return {
    form,
    faultOf: (field: Lack): string | undefined => (presses > 0 && lacks.includes(field) ? t(`campaigns.form.lacks.${field}`) : undefined),
    isWhole: (): boolean => {
      setPresses(presses + 1);
      return lacks.length === 0;
    },
  };
}

/** One of our numbers. A number that cannot be shown yet may be chosen: the campaign starts once its register is in order. */
function CallerNumber({
  value,
  fault,
  onChange,
}: {
  readonly value: string;
  readonly fault: string | undefined;
  readonly onChange: (from: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  const wholeSite = useWholeSite();
  const read = useRead('/outbound/ways', { enabled: wholeSite });
  const numbers = callerNumbers(read.data?.ways ?? []);
  const label = t('campaigns.form.from');
  // The list is of the whole site: a person with a smaller scope types the number.
  if (!wholeSite)
    return (
      <Field label={label} hint={t('campaigns.form.fromHint')} fault={fault}>
        {(id) => (
          <Input
            id={id}
            value={value}
            inputMode="tel"
            maxLength={24}
            onChange={({ target }) => onChange(target.value)}
            data-testid="campaign-from"
          />
        )}
      </Field>
    );
  const wrong = numbers.find(({ from }) => from === value)?.fault;
  const notYet = wrong === undefined ? undefined : `${t('campaigns.form.notYet')}${t(`leaving.faults.${wrong}`)}`;
  return (
    <Field label={label} hint={notYet ?? t('campaigns.form.fromHint')} fault={fault}>
      {(id) => (
        <Select
          id={id}
          showSearch={{ optionFilterProp: 'label' }}
          {...(value === '' ? {} : { value })}
          loading={read.isPending}
          notFoundContent={t('callingOut.ways.noTrunk')}
          options={numbers.map(({ from, fault: why }) => ({
            value: from,
            label: why === undefined ? from : `${from} · ${t(`leaving.faults.${why}`)}`,
          }))}
          onChange={onChange}
          data-testid="campaign-from"
        />
      )}
    </Field>
  );
}

/** Narrower hours than those of all outbound calls. */
function Hours({
  typed,
  isWrong,
  onChange,
}: {
  readonly typed: TypedStretch;
  readonly isWrong: boolean;
  readonly onChange: (typed: TypedStretch) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="field">
      <StretchFields label={t('campaigns.form.hours')} stretch={typed} onChange={onChange} testId="campaign-hours" empty="" />
      <span className={isWrong ? 'bad' : 'soft'}>{t(isWrong ? 'campaigns.form.hoursWrong' : 'campaigns.form.hoursHint')}</span>
    </div>
  );
}

const limits = [
  ['previewSeconds', 10, 600],
  ['countdownSeconds', 3, 60],
  ['mostTries', 1, 5],
  ['busyAgainMinutes', 5, 1_440],
  ['noAnswerAgainMinutes', 30, 10_080],
  ['mostRefusalsPercent', 1, 100],
  ['mostComplaintsPer10000', 1, 10_000],
] as const;

/** Times, attempts, and the rates at which it pauses itself. */
function Limits({ given, set }: { readonly given: Settings; readonly set: (part: Partial<Settings>) => void }): ReactNode {
  const { t } = useTranslation();
  return limits
    .filter(([key]) => key !== 'countdownSeconds' || given.mode === 'progressive')
    .map(([key, min, max]) => (
      <NumberField
        key={key}
        label={t(`campaigns.form.${key}`)}
        min={min}
        max={max}
        value={given[key]}
        onChange={(value) => set({ [key]: value })}
      />
    ));
}

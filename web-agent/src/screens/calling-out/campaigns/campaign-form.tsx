import { AutoComplete, Button, Input, Segmented, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { campaignModes, type CampaignMode } from '../../../../../services/shared/domain/calls/campaign.js';
import { callPurposes, type CallPurpose } from '../../../../../services/shared/domain/calls/call-purpose.js';
import { useChange, useRead } from '../../../session/use-server.js';
import { useWholeSite } from '../../../session/use-workplace.js';
import { Field, NumberField } from '../../administer/fields.js';
import { nameOf, useQueues } from '../../seat/queue-names.js';
import type { CampaignView } from '../calling-out.js';
import { FormDrawer } from '../../../components/form-drawer.js';

const usual = {
  name: '',
  from: '',
  purpose: 'service-notice' as CallPurpose,
  queueId: '',
  mode: 'preview' as CampaignMode,
  script: '',
  previewSeconds: 60,
  countdownSeconds: 5,
  mostTries: 3,
  busyAgainMinutes: 15,
  noAnswerAgainMinutes: 240,
  mostRefusalsPercent: 10,
  mostComplaintsPer10000: 100,
};
type Settings = typeof usual;

/** The server's data without fields that people do not set. */
const settingsOf = ({ name, from, purpose, queueId, mode, script, ...campaign }: CampaignView): Settings => {
  const { previewSeconds, countdownSeconds, mostTries, busyAgainMinutes, noAnswerAgainMinutes } = campaign;
  const { mostRefusalsPercent, mostComplaintsPer10000 } = campaign;
  const times = { previewSeconds, countdownSeconds, mostTries, busyAgainMinutes, noAnswerAgainMinutes };
  const limits = { ...times, mostRefusalsPercent, mostComplaintsPer10000 };
  return { name, from, purpose, queueId, mode, script, ...limits };
};

/** The list, the purpose, the number, and the agents of a campaign. */
export function CampaignForm({ campaign, onClose }: { readonly campaign?: CampaignView; readonly onClose: () => void }): ReactNode {
  const { t, i18n } = useTranslation();
  const wholeSite = useWholeSite();
  const ways = useRead('/outbound/ways', { enabled: wholeSite }).data?.ways ?? [];
  const queues = (useQueues() ?? []).filter(({ internal }) => !internal);
  const [given, setGiven] = useState<Settings>(campaign === undefined ? usual : settingsOf(campaign));
  const change = useChange('campaigns', onClose);
  const set = (part: Partial<Settings>): void => setGiven({ ...given, ...part });
  const complete = given.name.trim() !== '' && given.from.trim() !== '' && given.queueId !== '';
  const save = (): void =>
    campaign === undefined
      ? change.mutate({ route: 'POST /campaigns', body: given })
      : change.mutate({ route: 'PUT /campaigns/:id', params: { id: campaign.id }, body: given });
  return (
    <FormDrawer
      open
      size={520}
      title={t(campaign === undefined ? 'campaigns.make' : 'shell.edit')}
      onClose={onClose}
      extra={
        <Button type="primary" disabled={!complete} loading={change.isPending} onClick={save} data-testid="save-campaign">
          {t('shell.save')}
        </Button>
      }
    >
      <div className="stack">
        <Field label={t('campaigns.name')}>
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
        <Field label={t('campaigns.form.from')} hint={t('campaigns.form.fromHint')}>
          {(id) => (
            <AutoComplete
              id={id}
              value={given.from}
              options={[...new Set(ways.filter(({ fault }) => fault === undefined).map(({ from }) => from))].map((value) => ({ value }))}
              onChange={(from: string) => set({ from })}
              data-testid="campaign-from"
            />
          )}
        </Field>
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
        <Field label={t('campaigns.form.queue')} hint={t('campaigns.form.queueHint')}>
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
        <Field label={t('campaigns.form.script')}>
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
        <Limits given={given} set={set} />
      </div>
    </FormDrawer>
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

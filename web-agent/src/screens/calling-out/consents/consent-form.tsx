import { Button, Checkbox, DatePicker, Form, Input, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { callPurposes, type CallPurpose } from '../../../../../services/shared/domain/calls/call-purpose.js';
import { normaliseNumber } from '../../../../../services/shared/domain/numbers/phone-number.js';
import { useChange, useRead } from '../../../session/use-server.js';
import { MomentPicker } from '../../../components/time/moment-picker.js';
import { isoOf, siteNow } from '../../../components/time/site-days.js';
import { consentChannels, type Consent } from '../calling-out.js';
import { FormDrawer } from '../../../components/form-drawer.js';

interface Fields {
  readonly number: string;
  readonly purposes: CallPurpose[];
  readonly channel: Consent['channel'];
  readonly givenAt: Dayjs;
  readonly validUntil?: Dayjs | null;
  readonly evidence: string;
  readonly originalCallId?: string;
  readonly clientUnit?: string;
}

/** Records a person's consent to be called. */
export function ConsentForm({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const [form] = Form.useForm<Fields>();
  const units = useRead('/outbound/client-units');
  const add = useChange('outbound', onClose);
  const refuse = (word: string): Promise<void> => Promise.reject(new Error(t(`callingOut.consents.${word}`)));

  function save({ number, givenAt, validUntil, evidence, originalCallId = '', clientUnit, ...rest }: Fields): void {
    const body = {
      ...rest,
      number: number.trim(),
      evidence: evidence.trim(),
      givenAt: isoOf(givenAt),
      ...(clientUnit === undefined ? {} : { clientUnit }),
      ...(originalCallId.trim() === '' ? {} : { originalCallId: originalCallId.trim() }),
      ...(validUntil === undefined || validUntil === null ? {} : { validUntil: isoOf(validUntil.endOf('day')) }),
    };
    add.mutate({ route: 'POST /outbound/consents', body });
  }

  return (
    <FormDrawer
      open
      size={480}
      title={t('callingOut.consents.add')}
      onClose={onClose}
      extra={
        <Button type="primary" loading={add.isPending} onClick={() => form.submit()} data-testid="save-consent">
          {t('shell.save')}
        </Button>
      }
    >
      <Form<Fields>
        form={form}
        layout="vertical"
        initialValues={{ channel: 'voice', purposes: ['enquiry'], givenAt: siteNow() }}
        onFinish={save}
      >
        <Form.Item
          name="number"
          label={t('callingOut.number')}
          required
          rules={[
            { validator: (_rule, value = '') => (normaliseNumber(String(value)) === undefined ? refuse('noNumber') : Promise.resolve()) },
          ]}
        >
          <Input inputMode="tel" autoComplete="off" maxLength={24} data-testid="consent-number" />
        </Form.Item>
        <Form.Item
          name="purposes"
          label={t('callingOut.consents.purposes')}
          required
          rules={[{ validator: (_rule, value: readonly string[]) => (value.length === 0 ? refuse('noPurpose') : Promise.resolve()) }]}
        >
          <Checkbox.Group options={callPurposes.map((value) => ({ value, label: t(`seat.dial.purposes.${value}`) }))} />
        </Form.Item>
        <Form.Item name="clientUnit" label={t('callingOut.consents.clientUnit')} extra={t('callingOut.consents.clientUnitHint')}>
          <Select
            allowClear
            options={(units.data?.clientUnits ?? []).map(({ id, name }) => ({ value: id, label: `${name} (${id})` }))}
            data-testid="consent-unit"
          />
        </Form.Item>
        <Form.Item name="channel" label={t('callingOut.consents.channel')}>
          <Select options={consentChannels.map((value) => ({ value, label: t(`callingOut.consents.channels.${value}`) }))} />
        </Form.Item>
        <div className="two">
          <Form.Item
            name="givenAt"
            label={t('callingOut.consents.givenAt')}
            required
            rules={[
              { validator: (_rule, value: Dayjs) => (Date.parse(isoOf(value)) <= Date.now() ? Promise.resolve() : refuse('future')) },
            ]}
          >
            <MomentPicker maxDate={siteNow()} data-testid="consent-given" />
          </Form.Item>
          <Form.Item name="validUntil" label={t('callingOut.consents.validUntil')} extra={t('callingOut.consents.openEnded')}>
            <DatePicker className="full" minDate={siteNow()} data-testid="consent-until" />
          </Form.Item>
        </div>
        <Form.Item
          name="evidence"
          label={t('callingOut.consents.evidence')}
          extra={t('callingOut.consents.evidenceHint')}
          rules={[{ required: true, whitespace: true, message: t('callingOut.consents.noEvidence') }]}
        >
          <Input.TextArea rows={2} maxLength={500} data-testid="consent-evidence" />
        </Form.Item>
        <Form.Item name="originalCallId" label={t('callingOut.originals.callId')} extra={t('callingOut.originals.callIdHint')}>
          <Input maxLength={40} autoComplete="off" data-testid="consent-call" />
        </Form.Item>
      </Form>
    </FormDrawer>
  );
}

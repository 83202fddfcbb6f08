import { Input, InputNumber, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { alarmWays } from '../../../../services/shared/domain/alarm.js';
import { useChange } from '../../session/use-server.js';
import { Field } from '../administer/fields.js';
import type { Kind, Person, Settings } from './alarm-settings-types.js';
import { FormModal } from '../../components/form-drawer.js';

/** Roles with the bell. An agent or an inspector would not see an alarm. */
const receivingRoles = ['supervisor', 'compliance', 'auditor', 'security-admin', 'admin'] as const;
const LONGEST_MINUTES = 10_080;

export function RuleForm({
  kind,
  settings,
  onClose,
}: {
  readonly kind: Kind;
  readonly settings: Settings;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const [rule, setRule] = useState(kind.rule);
  const change = useChange('alarm-settings', onClose);
  const set = (part: Partial<Kind['rule']>): void => setRule({ ...rule, ...part });
  const title = t(`alarms.kinds.${kind.code}.title`);
  const receiving = settings.people.filter(({ roles }) => roles.some((role) => (receivingRoles as readonly string[]).includes(role)));
  return (
    <FormModal
      open
      title={t('alarms.settings.edit', { title })}
      okText={t('shell.save')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ 'data-testid': 'save-rule' }}
      confirmLoading={change.isPending}
      onCancel={onClose}
      onOk={() => change.mutate({ route: 'PUT /alarm-settings/rules/:code', params: { code: kind.code }, body: rule })}
    >
      <div className="stack">
        <Field label={t('alarms.settings.also.roles')}>
          {(id) => (
            <Select
              id={id}
              mode="multiple"
              value={rule.roles}
              showSearch={{ optionFilterProp: 'label' }}
              options={receivingRoles.map((value) => ({ value, label: t(`shell.role.${value}`) }))}
              onChange={(roles) => set({ roles })}
            />
          )}
        </Field>
        <Field label={t('alarms.settings.also.people')}>
          {(id) => (
            <Select
              id={id}
              mode="multiple"
              value={rule.people}
              showSearch={{ optionFilterProp: 'label' }}
              options={receiving.map(({ userId, name }) => ({ value: userId, label: name }))}
              onChange={(people) => set({ people })}
            />
          )}
        </Field>
        <Field label={t('alarms.settings.ways')}>
          {(id) => (
            <Select
              id={id}
              mode="multiple"
              value={rule.ways}
              showSearch={{ optionFilterProp: 'label' }}
              options={alarmWays.map((value) => ({ value, label: t(`alarms.ways.${value}`) }))}
              onChange={(ways) => set({ ways })}
            />
          )}
        </Field>
        <Field label={t('alarms.settings.escalation')}>
          {(id) => (
            <InputNumber
              id={id}
              min={0}
              max={LONGEST_MINUTES}
              precision={0}
              value={rule.escalationMinutes}
              onChange={(minutes) => set({ escalationMinutes: minutes ?? 0 })}
            />
          )}
        </Field>
      </div>
    </FormModal>
  );
}

/** Unchanged values stay as they are stored: the page has never seen them whole. */
export function ContactForm({ person, onClose }: { readonly person: Person; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const [mail, setMail] = useState<string>();
  const [mobile, setMobile] = useState<string>();
  const change = useChange('alarm-settings', onClose);
  return (
    <FormModal
      open
      title={t('alarms.settings.contactOf', { name: person.name })}
      okText={t('shell.save')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ disabled: mail === undefined && mobile === undefined, 'data-testid': 'save-contact' }}
      confirmLoading={change.isPending}
      onCancel={onClose}
      onOk={() =>
        change.mutate({
          route: 'PUT /alarm-settings/contacts/:userId',
          params: { userId: person.userId },
          body: { ...(mail === undefined ? {} : { mail }), ...(mobile === undefined ? {} : { mobile }) },
        })
      }
    >
      <div className="stack">
        <Field label={t('alarms.settings.mail')}>
          {(id) => (
            <Input
              id={id}
              type="email"
              value={mail ?? ''}
              placeholder={person.mailMasked ?? ''}
              maxLength={254}
              onChange={({ target }) => setMail(target.value)}
              data-testid="contact-mail"
            />
          )}
        </Field>
        <Field label={t('alarms.settings.mobile')}>
          {(id) => (
            <Input
              id={id}
              type="tel"
              value={mobile ?? ''}
              placeholder={person.mobileMasked ?? ''}
              maxLength={24}
              onChange={({ target }) => setMobile(target.value)}
              data-testid="contact-mobile"
            />
          )}
        </Field>
      </div>
    </FormModal>
  );
}

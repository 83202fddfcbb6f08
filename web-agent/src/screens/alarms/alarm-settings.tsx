import { Alert, Button, Switch, Table, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../components/page.js';
import { useChange, useRead } from '../../session/use-server.js';
import { Field } from '../administer/fields.js';
import { LevelTag } from './alarm-card.js';
import { ContactForm, RuleForm } from './alarm-forms.js';
import type { Kind, Person, Settings } from './alarm-settings-types.js';

const DEFAULT_QUIET = { fromMinute: 22 * 60, toMinute: 7 * 60 };

/** Who gets which alarm by which channel, quiet hours, and how people are reached. */
export function AlarmSettings(): ReactNode {
  const read = useRead('/alarm-settings');
  return (
    <Loaded query={read}>
      {(settings) => (
        <div className="stack" data-testid="alarm-settings">
          {settings.ways.length === 0 && <NoWay />}
          <Rules settings={settings} />
          <Contacts people={settings.people} />
          <Quiet quiet={settings.quiet} />
        </div>
      )}
    </Loaded>
  );
}

function NoWay(): ReactNode {
  const { t } = useTranslation();
  return <Alert type="warning" showIcon title={t('alarms.settings.noWay')} data-testid="no-alarm-way" />;
}

function Rules({ settings }: { readonly settings: Settings }): ReactNode {
  const { t } = useTranslation();
  const [editing, setEditing] = useState<Kind>();
  const nameOf = (userId: string): string => settings.people.find((person) => person.userId === userId)?.name ?? userId;
  return (
    <section className="panel stack">
      <h2>{t('alarms.settings.rules')}</h2>
      <span className="soft">{t('alarms.settings.rulesHint')}</span>
      <Table<Kind>
        rowKey="code"
        size="small"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={[...settings.kinds]}
        columns={[
          {
            title: t('alarms.kind'),
            render: (_value, { code, level }) => (
              <span className="row">
                <LevelTag level={level} />
                {t(`alarms.kinds.${code}.title`)}
              </span>
            ),
          },
          {
            title: t('alarms.settings.alwaysTo'),
            render: (_value, { alwaysTo }) => alwaysTo.map((role) => t(`shell.role.${role}`)).join(', '),
          },
          {
            title: t('alarms.settings.alsoTo'),
            render: (_value, { rule }) =>
              [...rule.roles.map((role) => t(`shell.role.${role}`)), ...rule.people.map(nameOf)].join(', ') || '–',
          },
          {
            title: t('alarms.settings.ways'),
            render: (_value, { rule }) =>
              rule.ways
                .filter((way) => settings.ways.includes(way))
                .map((way) => t(`alarms.ways.${way}`))
                .join(', ') || t('alarms.nobodySent'),
          },
          {
            title: t('alarms.settings.reached'),
            render: (_value, { reachedByMail, rule }) =>
              reachedByMail > 0 || !rule.ways.includes('mail') ? (
                <span className="figures">{reachedByMail}</span>
              ) : (
                <Tag color="gold">{t('alarms.settings.nobody')}</Tag>
              ),
          },
          {
            title: t('alarms.settings.escalationShort'),
            render: (_value, { rule: { escalationMinutes } }) =>
              escalationMinutes === 0 ? t('alarms.settings.never') : t('alarms.settings.minutes', { count: escalationMinutes }),
          },
          {
            title: '',
            fixed: 'right',
            render: (_value, kind) => (
              <Button size="small" onClick={() => setEditing(kind)} data-testid={`rule-${kind.code}`}>
                {t('shell.edit')}
              </Button>
            ),
          },
        ]}
      />
      {editing !== undefined && <RuleForm kind={editing} settings={settings} onClose={() => setEditing(undefined)} />}
    </section>
  );
}

function Contacts({ people }: { readonly people: readonly Person[] }): ReactNode {
  const { t } = useTranslation();
  const [editing, setEditing] = useState<Person>();
  return (
    <section className="panel stack">
      <h2>{t('alarms.settings.contacts')}</h2>
      <span className="soft">{t('alarms.settings.contactsHint')}</span>
      <Table<Person>
        rowKey="userId"
        size="small"
        pagination={{ hideOnSinglePage: true, showSizeChanger: false }}
        scroll={{ x: 'max-content' }}
        dataSource={people.filter(({ roles }) => roles.some((role) => role !== 'agent' && role !== 'inspector'))}
        columns={[
          { title: t('alarms.settings.person'), dataIndex: 'name' },
          { title: t('alarms.settings.mail'), render: (_value, { mailMasked = '–' }) => <span className="figures">{mailMasked}</span> },
          {
            title: t('alarms.settings.mobile'),
            render: (_value, { mobileMasked = '–' }) => <span className="figures">{mobileMasked}</span>,
          },
          {
            title: '',
            render: (_value, person) => (
              <Button size="small" onClick={() => setEditing(person)} data-testid="edit-contact" data-person={person.name}>
                {t('shell.edit')}
              </Button>
            ),
          },
        ]}
      />
      {editing !== undefined && <ContactForm person={editing} onClose={() => setEditing(undefined)} />}
    </section>
  );
}

const clockOf = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const minuteOf = (clock: string): number | undefined => {
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(clock) ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
};

function Quiet({ quiet }: { readonly quiet: Settings['quiet'] }): ReactNode {
  const { t } = useTranslation();
  const change = useChange('alarm-settings');
  const save = (next: Settings['quiet']): void => change.mutate({ route: 'PUT /alarm-settings/quiet', body: { quiet: next ?? null } });
  const field = (label: string, minute: number, changed: (minute: number) => void): ReactNode => (
    <Field label={label}>
      {(id) => (
        <input
          id={id}
          type="time"
          className="ant-input"
          value={clockOf(minute)}
          disabled={change.isPending}
          onChange={({ target }) => {
            const next = minuteOf(target.value);
            if (next !== undefined) changed(next);
          }}
        />
      )}
    </Field>
  );
  return (
    <section className="panel stack">
      <h2>{t('alarms.settings.quiet')}</h2>
      <span className="soft">{t('alarms.settings.quietHint')}</span>
      <div className="row">
        <Switch
          aria-label={t('alarms.settings.quietOn')}
          checked={quiet !== undefined}
          loading={change.isPending}
          onChange={(on) => save(on ? DEFAULT_QUIET : undefined)}
          data-testid="quiet-on"
        />
        {quiet !== undefined && field(t('alarms.settings.from'), quiet.fromMinute, (fromMinute) => save({ ...quiet, fromMinute }))}
        {quiet !== undefined && field(t('alarms.settings.to'), quiet.toMinute, (toMinute) => save({ ...quiet, toMinute }))}
      </div>
    </section>
  );
}

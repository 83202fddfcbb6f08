import { Button, Input, InputNumber, Select, Space, Table, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReviewForm, ReviewQuestion } from '../../../../services/shared/domain/review-form.js';
import { Loaded } from '../../components/page.js';
import { useChange, useRead } from '../../session/use-server.js';
import { nameOf } from '../seat/queue-names.js';
import { exampleForm } from './example-form.js';
import { newestOf } from './quality-data.js';

type Draft = Omit<ReviewForm, 'version'>;
const severities = ['normal', 'critical', 'fatal'] as const;

/** A text is empty in a language in which it has not been written yet. */
const inBoth = (text: Readonly<Record<string, string>>) => ({ 'zh-CN': text['zh-CN'] ?? '', en: text['en'] ?? '' });

function freeId(forms: readonly ReviewForm[]): string {
  const taken = new Set(forms.map(({ formId }) => formId));
  let id = exampleForm.formId;
  for (let number = 2; taken.has(id); number += 1) id = `${exampleForm.formId}-${number}`;
  return id;
}

/** Forms. A changed form is a new version; reviews keep the one that they were made with. */
export function Forms(): ReactNode {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<Draft | null>(null);
  const forms = useRead('/review-forms');
  if (draft !== null) return <FormEditor draft={draft} setDraft={setDraft} />;
  return (
    <>
      <div>
        <Button onClick={() => setDraft({ ...exampleForm, formId: freeId(forms.data?.forms ?? []) })} data-testid="example-form">
          {t('quality.newForm')}
        </Button>
      </div>
      <Loaded query={forms} isEmpty={({ forms: all }) => all.length === 0} empty={t('quality.noForms')}>
        {({ forms: all }) => (
          <>
            {newestOf(all).map((form) => (
              <FormShown key={form.formId} form={form} onEdit={() => setDraft(form)} />
            ))}
          </>
        )}
      </Loaded>
    </>
  );
}

function FormShown({ form, onEdit }: { readonly form: ReviewForm; readonly onEdit: () => void }): ReactNode {
  const { t, i18n } = useTranslation();
  return (
    <section className="panel stack" data-testid={`form-${form.formId}`}>
      <div className="row">
        <h2>{nameOf(form.name, i18n.language)}</h2>
        <Tag>{t('quality.version', { version: form.version })}</Tag>
        <Button size="small" onClick={onEdit}>
          {t('shell.edit')}
        </Button>
      </div>
      <Table<ReviewQuestion>
        size="small"
        rowKey="id"
        pagination={false}
        dataSource={[...form.questions]}
        columns={[
          { title: t('quality.question'), render: (_value, { text }) => nameOf(text, i18n.language) },
          { title: t('quality.points'), align: 'right', dataIndex: 'points' },
          { title: t('quality.weight'), align: 'right', dataIndex: 'weight' },
          { title: t('quality.severity'), render: (_value, { severity }) => t(`quality.severities.${severity}`) },
        ]}
      />
    </section>
  );
}

function FormEditor({ draft, setDraft }: { readonly draft: Draft; readonly setDraft: (draft: Draft | null) => void }): ReactNode {
  const { t } = useTranslation();
  const save = useChange('review-forms', () => setDraft(null));
  const change = (place: number, part: Partial<ReviewQuestion>): void =>
    setDraft({ ...draft, questions: draft.questions.map((one, i) => (i === place ? { ...one, ...part } : one)) });
  const add = (): void => {
    const taken = new Set(draft.questions.map(({ id }) => id));
    let number = draft.questions.length + 1;
    while (taken.has(`q${number}`)) number += 1;
    const question: ReviewQuestion = { id: `q${number}`, text: { 'zh-CN': '', en: '' }, points: 5, weight: 10, severity: 'normal' };
    setDraft({ ...draft, questions: [...draft.questions, question] });
  };
  const whole = [draft.name, ...draft.questions.map(({ text }) => text)].every((text) =>
    ['zh-CN', 'en'].every((one) => (text[one] ?? '').trim() !== ''),
  );
  return (
    <section className="panel stack" data-testid="form-editor">
      <Names value={draft.name} label={t('quality.formName')} onChange={(name) => setDraft({ ...draft, name })} />
      {draft.questions.map((question, place) => (
        <div key={question.id} className="row question">
          <Names value={question.text} label={t('quality.question')} onChange={(text) => change(place, { text })} />
          <InputNumber
            className="seconds"
            min={1}
            max={10}
            value={question.points}
            prefix={t('quality.points')}
            aria-label={t('quality.points')}
            onChange={(points) => change(place, { points: points ?? 1 })}
          />
          <InputNumber
            className="seconds"
            min={1}
            max={100}
            value={question.weight}
            prefix={t('quality.weight')}
            aria-label={t('quality.weight')}
            onChange={(weight) => change(place, { weight: weight ?? 1 })}
          />
          <Select
            className="seconds"
            value={question.severity}
            aria-label={t('quality.severity')}
            options={severities.map((value) => ({ value, label: t(`quality.severities.${value}`) }))}
            onChange={(severity) => change(place, { severity })}
          />
          <Button
            disabled={draft.questions.length === 1}
            onClick={() => setDraft({ ...draft, questions: draft.questions.filter((_, i) => i !== place) })}
          >
            {t('shell.remove')}
          </Button>
        </div>
      ))}
      <Space>
        <Button onClick={add}>{t('quality.addQuestion')}</Button>
        <Button
          type="primary"
          disabled={!whole}
          loading={save.isPending}
          onClick={() => {
            const { formId, name, questions } = draft;
            save.mutate({
              route: 'POST /review-forms',
              body: { formId, name: inBoth(name), questions: questions.map((one) => ({ ...one, text: inBoth(one.text) })) },
            });
          }}
          data-testid="save-form"
        >
          {t('shell.save')}
        </Button>
        <Button onClick={() => setDraft(null)}>{t('shell.cancel')}</Button>
        {!whole && <span className="soft">{t('quality.bothLanguages')}</span>}
      </Space>
    </section>
  );
}

/** A text in both languages: each reviewer reads the one in their own. */
function Names({
  value,
  label,
  onChange,
}: {
  readonly value: Readonly<Record<string, string>>;
  readonly label: string;
  readonly onChange: (value: Readonly<Record<string, string>>) => void;
}): ReactNode {
  return (
    <Space.Compact className="grow">
      {(['zh-CN', 'en'] as const).map((language) => (
        <Input
          key={language}
          lang={language}
          maxLength={300}
          value={value[language] ?? ''}
          placeholder={`${label} (${language})`}
          aria-label={`${label} (${language})`}
          onChange={({ target }) => onChange({ ...value, [language]: target.value })}
        />
      ))}
    </Space.Compact>
  );
}

import { Button, Input, Segmented, Select, Switch } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Flow, Survey } from '../../../../../services/shared/contracts/calls/flow.js';
import { Field, PromptField, SecondsField, StepField } from '../fields.js';
import { digits, withOptional } from './flow-edit.js';

interface PartProps {
  readonly flow: Flow;
  readonly onChange: (flow: Flow) => void;
}

/** Settings of the whole call: where it begins, the recording notice, the music. */
export function GeneralForm({ flow, onChange }: PartProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="stack">
      <h2>{t('flow.general')}</h2>
      <StepField label={t('flow.start')} flow={flow} value={flow.start} onChange={(start = '') => onChange({ ...flow, start })} />
      <PromptField
        label={t('flow.notice')}
        value={flow.noticePromptId}
        onChange={(noticePromptId = '') => onChange({ ...flow, noticePromptId })}
      />
      <div className="field">
        <span>{t('flow.noticeWhen')}</span>
        <Segmented
          value={flow.noticeMode}
          options={(['before-queue', 'while-ringing'] as const).map((value) => ({ value, label: t(`flow.noticeModes.${value}`) }))}
          onChange={(noticeMode) => onChange({ ...flow, noticeMode })}
        />
      </div>
      <PromptField
        label={t('flow.music')}
        value={flow.musicPromptId}
        onChange={(musicPromptId = '') => onChange({ ...flow, musicPromptId })}
      />
      <PromptField
        label={t('flow.goodbye')}
        value={flow.goodbyePromptId}
        optional
        onChange={(goodbyePromptId) => onChange(withOptional(flow, 'goodbyePromptId', goodbyePromptId))}
      />
    </div>
  );
}

const usualSurvey: Survey = {
  questions: [{ id: 'score', promptId: 'survey-score', keys: ['1', '2', '3', '4', '5'] }],
  waitMs: 8_000,
  thanksPromptId: 'survey-thanks',
};

/** The questions to callers after the agent has hung up. */
export function SurveyForm({ flow, onChange }: PartProps): ReactNode {
  const { t } = useTranslation();
  const { survey } = flow;
  const set = (next: Survey): void => onChange({ ...flow, survey: next });
  return (
    <div className="stack" data-testid="survey-form">
      <h2>{t('flow.survey.title')}</h2>
      <div className="row">
        <Switch
          checked={survey !== undefined}
          aria-label={t('flow.survey.ask')}
          onChange={(asked) => onChange(withOptional(flow, 'survey', asked ? usualSurvey : undefined))}
        />
        <span>{t('flow.survey.ask')}</span>
      </div>
      {survey !== undefined && (
        <>
          <Questions survey={survey} onChange={set} />
          <div className="two">
            <SecondsField
              label={t('flow.survey.wait')}
              ms={survey.waitMs}
              min={2}
              max={30}
              onChange={(waitMs) => set({ ...survey, waitMs })}
            />
            <PromptField
              label={t('flow.survey.thanks')}
              value={survey.thanksPromptId}
              onChange={(thanksPromptId = '') => set({ ...survey, thanksPromptId })}
            />
          </div>
        </>
      )}
    </div>
  );
}

type Question = Survey['questions'][number];
const letters = ['a', 'b', 'c', 'd', 'e'] as const;

function Questions({ survey, onChange }: { readonly survey: Survey; readonly onChange: (survey: Survey) => void }): ReactNode {
  const { t } = useTranslation();
  const { questions } = survey;
  const set = (next: Question[]): void => {
    const [first, ...others] = next;
    if (first !== undefined) onChange({ ...survey, questions: [first, ...others] });
  };
  const change = (place: number, question: Question): void => set(questions.map((each, at) => (at === place ? question : each)));

  function add(): void {
    const free = letters.find((letter) => !questions.some(({ id }) => id === `question-${letter}`)) ?? 'a';
    set([...questions, { id: `question-${free}`, promptId: 'survey-solved', keys: ['1', '2'] }]);
  }

  return (
    <>
      {questions.map((question, place) => (
        <div key={place} className="panel stack">
          <div className="row">
            <h3 className="grow">{t('flow.survey.question', { number: place + 1 })}</h3>
            {questions.length > 1 && (
              <Button onClick={() => set(questions.filter((_each, at) => at !== place))}>{t('flow.survey.removeQuestion')}</Button>
            )}
          </div>
          <div className="two">
            <Field label={t('flow.survey.name')} hint={t('flow.survey.nameHint')}>
              {(id) => (
                <Input
                  id={id}
                  value={question.id}
                  maxLength={30}
                  onChange={({ target }) => change(place, { ...question, id: target.value })}
                />
              )}
            </Field>
            <PromptField
              label={t('flow.prompt')}
              value={question.promptId}
              onChange={(promptId = '') => change(place, { ...question, promptId })}
            />
          </div>
          <Field label={t('flow.survey.keys')}>
            {(id) => (
              <Select
                id={id}
                mode="multiple"
                className="full"
                value={question.keys}
                options={digits.map((value) => ({ value, label: value }))}
                onChange={(keys) => {
                  const [first, ...others] = [...keys].sort();
                  if (first !== undefined) change(place, { ...question, keys: [first, ...others] });
                }}
              />
            )}
          </Field>
        </div>
      ))}
      {questions.length < 5 && (
        <div>
          <Button onClick={add}>{t('flow.survey.addQuestion')}</Button>
        </div>
      )}
    </>
  );
}

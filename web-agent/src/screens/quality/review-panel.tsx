import { Button, Input, Segmented, Select, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { problemsOfAnswers, scoreOf, type Answers, type ReviewForm } from '../../../../services/shared/domain/review-form.js';
import { Loaded } from '../../components/page.js';
import { timeText } from '../../components/time/times.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useProfile } from '../../session/use-workplace.js';
import { nameOf } from '../seat/queue-names.js';
import { formOf, newestOf, percentText, type Calibration, type ReviewsWithForms } from './quality-data.js';
import { ReviewAnswers, ScoreTag } from './review-answers.js';
import { useReviewerName } from './reviewer-name.js';

/** Reviews of a call, and one's own. Those of others are shown on request: a calibrating reviewer should not have read them. */
export function ReviewPanel({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  const { userId } = useProfile();
  const [shown, setShown] = useState(false);
  const given = useRead('/recordings/:callId/reviews', { params: { callId } });
  return (
    <section className="panel" data-testid="review-panel">
      <h2>{t('quality.reviews')}</h2>
      <Loaded query={given}>
        {({ reviews, forms, agreements }) => {
          const own = reviews.some(({ by }) => by === userId);
          return (
            <div className="stack">
              {reviews.length > 0 && !own && !shown && (
                <Button onClick={() => setShown(true)}>{t('quality.showOthers', { count: reviews.length })}</Button>
              )}
              {(own || shown) && <Given reviews={reviews} forms={forms} agreements={agreements} />}
              {!own && <NewReview callId={callId} />}
            </div>
          );
        }}
      </Loaded>
    </section>
  );
}

function Given({ reviews, forms, agreements }: ReviewsWithForms & { readonly agreements: readonly Calibration[] }): ReactNode {
  const { t } = useTranslation();
  const reviewerName = useReviewerName();
  return (
    <>
      {reviews.map((review) => (
        <article key={review.reviewId} className="stack" data-testid="review">
          <div className="row">
            <ScoreTag score={review.score} />
            <span className="soft">
              {reviewerName(review.by)} · {timeText(review.at)}
            </span>
          </div>
          <ReviewAnswers review={review} form={formOf(forms, review)} />
        </article>
      ))}
      {agreements.map(({ by, sharePercent, scoreDifference, differences }) => (
        <p key={by.join()} data-testid="agreement">
          {t('quality.agreement', { share: percentText(sharePercent), difference: scoreDifference, count: differences.length })}
        </p>
      ))}
    </>
  );
}

function NewReview({ callId }: { readonly callId: string }): ReactNode {
  const { t, i18n } = useTranslation();
  const forms = useRead('/review-forms');
  const [formId, setFormId] = useState<string | null>(null);
  const choices = newestOf(forms.data?.forms ?? []);
  const form = choices.find((one) => one.formId === formId) ?? (choices.length === 1 ? choices[0] : undefined);
  if (forms.data !== undefined && choices.length === 0)
    return (
      <p className="soft">
        {t('quality.noForm')}{' '}
        <Link to="/quality?tab=forms" style={{ textDecoration: 'underline' }}>
          {t('quality.toForms')}
        </Link>
      </p>
    );
  return (
    <>
      {choices.length > 1 && (
        <Select
          className="cause"
          placeholder={t('quality.form')}
          aria-label={t('quality.form')}
          value={form?.formId ?? null}
          onChange={(next: string) => setFormId(next)}
          options={choices.map(({ formId: value, name }) => ({ value, label: nameOf(name, i18n.language) }))}
        />
      )}
      {form !== undefined && <Questions key={`${callId} ${form.formId}`} form={form} callId={callId} />}
    </>
  );
}

const NOT_APPLICABLE = 'na';

function Questions({ form, callId }: { readonly form: ReviewForm; readonly callId: string }): ReactNode {
  const { t, i18n } = useTranslation();
  const [answers, setAnswers] = useState<Answers>({});
  const [comment, setComment] = useState('');
  const give = useChange('recordings');
  const open = problemsOfAnswers(form, answers).length;
  return (
    <div className="stack" data-testid="new-review">
      {form.questions.map(({ id, text, points, severity }) => (
        <div key={id} className="row question">
          <span className="grow">
            {nameOf(text, i18n.language)} {severity !== 'normal' && <Tag color="gold">{t(`quality.severities.${severity}`)}</Tag>}
          </span>
          <Segmented<string>
            size="small"
            aria-label={nameOf(text, i18n.language)}
            value={answers[id] === undefined ? '' : answers[id] === null ? NOT_APPLICABLE : String(answers[id])}
            onChange={(value) => setAnswers({ ...answers, [id]: value === NOT_APPLICABLE ? null : Number(value) })}
            options={[
              ...Array.from({ length: points + 1 }, (_, point) => ({ value: String(point), label: String(point) })),
              { value: NOT_APPLICABLE, label: t('quality.notApplicable') },
            ]}
            data-testid={`answer-${id}`}
          />
        </div>
      ))}
      <Input.TextArea
        value={comment}
        maxLength={2_000}
        aria-label={t('quality.comment')}
        placeholder={t('quality.comment')}
        onChange={({ target }) => setComment(target.value)}
        autoSize={{ minRows: 2, maxRows: 6 }}
      />
      <div className="row">
        <Button
          type="primary"
          disabled={open > 0}
          loading={give.isPending}
          onClick={() =>
            give.mutate({ route: 'POST /recordings/:callId/reviews', params: { callId }, body: { formId: form.formId, answers, comment } })
          }
          data-testid="give-review"
        >
          {t('quality.give')}
        </Button>
        {open > 0 ? <span className="soft">{t('quality.stillOpen', { count: open })}</span> : <ScoreTag score={scoreOf(form, answers)} />}
      </div>
    </div>
  );
}

import { Alert, Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReviewForm, Score } from '../../../../services/shared/domain/review-form.js';
import { timeText } from '../../components/time/times.js';
import { nameOf } from '../seat/queue-names.js';
import { percentText, type Review } from './quality-data.js';

/** A score with what lowered it: in words, not by colour alone. */
export function ScoreTag({ score }: { readonly score: Score }): ReactNode {
  const { t } = useTranslation();
  const failed = score.fatal.length > 0 ? t('quality.failed.fatal') : score.critical.length > 0 ? t('quality.failed.critical') : '';
  return (
    <Tag color={score.fatal.length > 0 ? 'red' : score.critical.length > 0 ? 'gold' : 'green'} data-testid="review-score">
      {percentText(score.percent)} {failed}
    </Tag>
  );
}

/** What a review says about each question, its comment, and the appeal with its answer. */
export function ReviewAnswers({ review, form }: { readonly review: Review; readonly form: ReviewForm | undefined }): ReactNode {
  const { t, i18n } = useTranslation();
  return (
    <div className="stack">
      <dl className="facts">
        {(form?.questions ?? []).map(({ id, text, points }) => (
          <Answer key={id} text={nameOf(text, i18n.language)} value={review.answers[id] ?? null} points={points} />
        ))}
      </dl>
      {review.comment !== '' && <p>{review.comment}</p>}
      {review.appeal !== undefined && (
        <Alert
          type="warning"
          showIcon
          title={t('quality.appealOf', { time: timeText(review.appeal.at) })}
          description={review.appeal.text}
        />
      )}
      {review.appealAnswer !== undefined && (
        <Alert
          type={review.appealAnswer.upheld ? 'success' : 'info'}
          showIcon
          title={t(review.appealAnswer.upheld ? 'quality.upheld' : 'quality.rejected', { time: timeText(review.appealAnswer.at) })}
          description={review.appealAnswer.text}
        />
      )}
    </div>
  );
}

function Answer({ text, value, points }: { readonly text: string; readonly value: number | null; readonly points: number }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <dt>{text}</dt>
      <dd className="figures">{value === null ? t('quality.notApplicable') : `${value} / ${points}`}</dd>
    </>
  );
}

import { Button, Collapse, Input } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded, Page } from '../../components/page.js';
import { timeText } from '../../components/time/times.js';
import { useChange, useRead } from '../../session/use-server.js';
import { formOf } from './quality-data.js';
import { ReviewAnswers, ScoreTag } from './review-answers.js';

const SHORTEST_APPEAL = 3;

/** An agent's own reviews: what was said about each question, and how to appeal. */
export default function MyReviewsPage(): ReactNode {
  const { t } = useTranslation();
  const given = useRead('/my-reviews');
  return (
    <Page title={t('quality.mine')} testId="my-reviews-page">
      <Loaded query={given} isEmpty={({ reviews }) => reviews.length === 0} empty={t('quality.noneOfMine')}>
        {({ reviews, forms }) => (
          <Collapse
            items={reviews.map((review) => ({
              key: review.reviewId,
              label: (
                <span className="row">
                  <span className="figures">{timeText(review.at)}</span>
                  <ScoreTag score={review.score} />
                </span>
              ),
              children: (
                <div className="stack">
                  <ReviewAnswers review={review} form={formOf(forms, review)} />
                  {review.appeal === undefined && <Appeal reviewId={review.reviewId} />}
                </div>
              ),
            }))}
          />
        )}
      </Loaded>
    </Page>
  );
}

function Appeal({ reviewId }: { readonly reviewId: string }): ReactNode {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const appeal = useChange('my-reviews');
  return (
    <div className="stack">
      <Input.TextArea
        value={text}
        maxLength={2_000}
        aria-label={t('quality.appealText')}
        placeholder={t('quality.appealText')}
        onChange={({ target }) => setText(target.value)}
        autoSize={{ minRows: 2, maxRows: 6 }}
        data-testid="appeal-text"
      />
      <div>
        <Button
          disabled={text.trim().length < SHORTEST_APPEAL}
          loading={appeal.isPending}
          onClick={() => appeal.mutate({ route: 'POST /reviews/:reviewId/appeal', params: { reviewId }, body: { text: text.trim() } })}
          data-testid="appeal"
        >
          {t('quality.appeal')}
        </Button>
      </div>
    </div>
  );
}

import { Button, Input, Space } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Loaded } from '../../components/page.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useProfile } from '../../session/use-workplace.js';
import { useAgentNames } from '../seat/agent-names.js';
import { formOf } from './quality-data.js';
import { ReviewAnswers, ScoreTag } from './review-answers.js';

const SHORTEST_ANSWER = 3;

/** Appeals that wait for an answer. Reviewers do not answer appeals against their own reviews. */
export function Appeals(): ReactNode {
  const { t } = useTranslation();
  const names = useAgentNames();
  const { userId } = useProfile();
  const open = useRead('/reviews', { query: { appeal: 'open' } });
  return (
    <Loaded query={open} isEmpty={({ reviews }) => reviews.length === 0} empty={t('quality.noAppeals')}>
      {({ reviews, forms }) => (
        <>
          {reviews.map((review) => (
            <section key={review.reviewId} className="panel stack" data-testid="open-appeal">
              <div className="row">
                <strong>{names.get(review.agentId) ?? review.agentId}</strong>
                <ScoreTag score={review.score} />
                <Link to={`/calls/${review.callId}`}>{t('quality.listen')}</Link>
              </div>
              <ReviewAnswers review={review} form={formOf(forms, review)} />
              {review.by === userId ? <p className="soft">{t('quality.answeredByOther')}</p> : <Answer reviewId={review.reviewId} />}
            </section>
          ))}
        </>
      )}
    </Loaded>
  );
}

function Answer({ reviewId }: { readonly reviewId: string }): ReactNode {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const answer = useChange('reviews');
  const send = (upheld: boolean): void =>
    answer.mutate({ route: 'POST /reviews/:reviewId/appeal-answer', params: { reviewId }, body: { text: text.trim(), upheld } });
  const ready = text.trim().length >= SHORTEST_ANSWER;
  return (
    <div className="stack">
      <Input.TextArea
        value={text}
        maxLength={2_000}
        aria-label={t('quality.answerText')}
        placeholder={t('quality.answerText')}
        onChange={({ target }) => setText(target.value)}
        autoSize={{ minRows: 2, maxRows: 6 }}
      />
      <Space>
        <Button disabled={!ready} loading={answer.isPending} onClick={() => send(true)} data-testid="uphold">
          {t('quality.uphold')}
        </Button>
        <Button disabled={!ready} loading={answer.isPending} onClick={() => send(false)}>
          {t('quality.reject')}
        </Button>
      </Space>
    </div>
  );
}

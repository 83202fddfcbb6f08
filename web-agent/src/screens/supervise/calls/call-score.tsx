import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../../components/page.js';
import { timeText } from '../../../components/time/times.js';
import { useRead } from '../../../session/use-server.js';

/** What the caller said about this call, every row of it. */
export function CallScore({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  const survey = useRead('/satisfaction/calls/:callId', { params: { callId } });
  return (
    <section className="panel" data-testid="call-score">
      <h2>{t('supervise.score.title')}</h2>
      <Loaded query={survey} isEmpty={({ invitation }) => invitation === null} empty={t('supervise.score.none')}>
        {({ answers }) =>
          answers.length === 0 ? (
            <p className="soft">{t('supervise.score.noAnswer')}</p>
          ) : (
            <ul className="plain">
              {answers.map((answer) => (
                <li key={answer.answerId} className="row">
                  <span className="figures soft">{timeText(answer.at)}</span>
                  {answer.score !== null && <strong>{t('supervise.score.value', { score: answer.score })}</strong>}
                  {answer.solved !== null && <span>{answer.solved ? t('supervise.score.solved') : t('supervise.score.notSolved')}</span>}
                  {answer.reason !== undefined && <span className="soft">{answer.reason}</span>}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

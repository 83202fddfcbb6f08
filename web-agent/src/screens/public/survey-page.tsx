import { Button, Radio, Result, Spin } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { chooseLanguage } from '../../i18n/language.js';
import { ApiProblem } from '../../session/session.js';
import { LicenceLine } from '../../components/licence-line.js';
import { LanguageAndTheme } from '../../shell/language-and-theme.js';
import { publicApi } from './public-request.js';

type View = 'loading' | 'open' | 'thanks' | 'used' | 'invalid' | 'failed';

const scores = [1, 2, 3, 4, 5] as const;

const viewOf = (error: unknown): View => {
  if (!(error instanceof ApiProblem)) return 'failed';
  return error.code === 'wrong-state' ? 'used' : error.code === 'not-found' || error.code === 'invalid-request' ? 'invalid' : 'failed';
};

/** A caller scores the last call, once, in the language of the call. */
export default function SurveyPage(): ReactNode {
  const { t } = useTranslation();
  const { surveyId = '', signature = '' } = useParams();
  const [view, setView] = useState<View>('loading');
  const [score, setScore] = useState<number | null>(null);
  const [solved, setSolved] = useState<boolean | null>(null);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    publicApi.get('/survey/:surveyId/:signature', { params: { surveyId, signature } }).then(
      async (survey) => {
        await chooseLanguage(survey.language === 'en' ? 'en' : 'zh-CN', localStorage);
        setView(survey.state === 'answered' ? 'used' : 'open');
      },
      (error: unknown) => setView(viewOf(error)),
    );
  }, [surveyId, signature]);

  async function send(): Promise<void> {
    if (score === null) return;
    setBusy(true);
    try {
      await publicApi.send('POST /survey/:surveyId/:signature', { params: { surveyId, signature }, body: { score, solved } });
      setView('thanks');
    } catch (error) {
      setView(viewOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <main className="sign-in" data-testid="survey-page" data-view={view}>
      <div className="panel">
        {view === 'loading' && <Spin />}
        {view === 'open' && (
          <div className="stack">
            <h1>{t('publicPages.survey.title')}</h1>
            <p id="ask-score">{t('publicPages.survey.ask')}</p>
            <Radio.Group
              aria-labelledby="ask-score"
              className="stack"
              value={score}
              onChange={({ target }) => setScore(Number(target.value))}
              options={scores.map((value) => ({
                value,
                label: (
                  <span data-testid={`score-${value}`}>
                    {value} · {t(`publicPages.survey.scores.${value}`)}
                  </span>
                ),
              }))}
            />
            <p className="soft">{t('publicPages.survey.scale')}</p>
            <p id="ask-solved">{t('publicPages.survey.solved')}</p>
            <Radio.Group
              aria-labelledby="ask-solved"
              value={solved}
              onChange={({ target }) => setSolved(target.value === true)}
              options={[
                { value: true, label: t('publicPages.survey.yes') },
                { value: false, label: <span data-testid="not-solved">{t('publicPages.survey.no')}</span> },
              ]}
            />
            <Button
              type="primary"
              size="large"
              block
              disabled={score === null}
              loading={busy}
              onClick={() => void send()}
              data-testid="send-score"
            >
              {t('publicPages.survey.submit')}
            </Button>
          </div>
        )}
        <Outcome view={view} />
        <div className="row sign-in-foot">
          <LicenceLine />
          <LanguageAndTheme />
        </div>
      </div>
    </main>
  );
}

/** Read out by a screen reader when it takes the place of the questions. */
function Outcome({ view }: { readonly view: View }): ReactNode {
  const { t } = useTranslation();
  return (
    <div role="status">
      {view === 'thanks' && (
        <Result status="success" title={t('publicPages.survey.thanks')} subTitle={t('publicPages.survey.thanksText')} />
      )}
      {view === 'used' && <Result status="info" title={t('publicPages.survey.used')} subTitle={t('publicPages.survey.usedText')} />}
      {view === 'invalid' && (
        <Result status="warning" title={t('publicPages.survey.invalid')} subTitle={t('publicPages.survey.invalidText')} />
      )}
      {view === 'failed' && (
        <Result
          status="error"
          title={t('publicPages.survey.failed')}
          extra={<Button onClick={() => window.location.reload()}>{t('shell.retry')}</Button>}
        />
      )}
    </div>
  );
}

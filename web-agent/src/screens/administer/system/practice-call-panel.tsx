import { Alert, Button, Select, Space } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PROOF_NUMBER } from '../../../../../services/shared/domain/proof.js';
import { useChange, useRead } from '../../../session/use-server.js';

/** The practice caller: rings at the seats like any caller, and repeats what the agent says. */
export function PracticeCallPanel(): ReactNode {
  const { t } = useTranslation();
  const { data } = useRead('/numbers');
  const numbers = (data?.numbers ?? []).filter(({ status }) => status === 'in-service');
  const [chosen, setChosen] = useState<string>();
  const [answer, setAnswer] = useState<{ readonly status: number } | null>(null);
  const call = useChange<'POST /practice-call'>('practice-call', setAnswer);
  // The number of the test calls leads to no person's seat.
  const number = chosen ?? numbers.find(({ number: each }) => each !== PROOF_NUMBER)?.number;
  return (
    <section className="panel" data-testid="practice-call">
      <h2>{t('administer.practice.title')}</h2>
      <p className="soft gap-below">{t('administer.practice.text')}</p>
      {data !== undefined && number === undefined ? (
        <p>{t('administer.practice.noNumber')}</p>
      ) : (
        <Space wrap>
          <Select
            value={number}
            onChange={setChosen}
            options={numbers.map((each) => ({ value: each.number, label: each.name === '' ? each.number : `${each.number} ${each.name}` }))}
            aria-label={t('administer.practice.number')}
            className="wide-field"
            data-testid="practice-number"
          />
          <Button
            loading={call.isPending}
            disabled={number === undefined}
            onClick={() => {
              if (number === undefined) return;
              setAnswer(null);
              call.mutate({ route: 'POST /practice-call', body: { number } });
            }}
            data-testid="practice-call-run"
          >
            {t('administer.practice.run')}
          </Button>
        </Space>
      )}
      {answer !== null && (
        <Alert
          type={answer.status === 200 ? 'success' : 'warning'}
          showIcon
          className="gap-above"
          title={answer.status === 200 ? t('administer.practice.answered') : t('administer.practice.refused', answer)}
          data-testid="practice-call-answer"
        />
      )}
    </section>
  );
}

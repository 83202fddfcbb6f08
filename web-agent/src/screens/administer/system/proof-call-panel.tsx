import { CheckCircleFilled, CloseCircleFilled, MinusCircleOutlined } from '@ant-design/icons';
import { Alert, App, Button, Select, Table } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { NotRead } from '../../../components/page.js';
import { saveBlob } from '../../../components/save-blob.js';
import { useChange, useFailureWords, useRead } from '../../../session/use-server.js';
import { useApp } from '../../../session/use-workplace.js';
import type { AnswerOf } from '../../../session/api.js';

type ProofCall = AnswerOf<'POST /proof-call'>;
type ProofStage = ProofCall['stages'][number];

/** A line of the choice: its key, its words, and what the order says. */
interface Line {
  readonly value: string;
  readonly label: string;
  readonly query: { readonly trunkId: string; readonly end: 'echo' | 'trunk' };
}

/** A real call through the running product, with a result for each stage. */
export function ProofCallPanel(): ReactNode {
  const { t, i18n } = useTranslation();
  const { session } = useApp();
  const { message } = App.useApp();
  const wordsOf = useFailureWords();
  const [chosen, setChosen] = useState('');
  const read = useRead('/proof-call/ways');
  const { ways = [], echoes = [] } = read.data ?? {};
  const wayWords = ({ trunkId: out, inBy }: NonNullable<ProofCall['over']>): string => t('trunkTest.proofWay', { out, inBy });
  const echoWords = ({ trunkId: out, number: echo }: NonNullable<ProofCall['echo']>): string => t('trunkTest.proofEcho', { out, echo });
  const lines: readonly Line[] = [
    ...ways.map((way) => ({ value: `trunk ${way.trunkId}`, label: wayWords(way), query: { trunkId: way.trunkId, end: 'trunk' as const } })),
    ...echoes.map((to) => ({ value: `echo ${to.trunkId}`, label: echoWords(to), query: { trunkId: to.trunkId, end: 'echo' as const } })),
  ];
  const [proof, setProof] = useState<ProofCall | null>(null);
  const run = useChange<'POST /proof-call'>('proof-call', setProof);
  return (
    <section className="panel" data-testid="proof-call">
      <h2>{t('administer.proof.title')}</h2>
      <p className="soft gap-below">{t('administer.proof.text')}</p>
      <div className="row gap-below">
        <Select
          value={chosen}
          onChange={setChosen}
          aria-label={t('trunkTest.proofWays')}
          popupMatchSelectWidth={false}
          style={{ minWidth: 260, maxWidth: '100%' }}
          data-testid="proof-call-way"
          options={[{ value: '', label: t('trunkTest.loopback') }, ...lines.map(({ value, label }) => ({ value, label }))]}
        />
        {read.data !== undefined && lines.length === 0 && (
          <span className="soft" data-testid="proof-call-no-ways">
            {t('trunkTest.noWays')}
          </span>
        )}
        <NotRead query={read} />
      </div>
      <Button
        type="primary"
        loading={run.isPending}
        onClick={() => {
          setProof(null);
          run.mutate({ route: 'POST /proof-call', query: lines.find(({ value }) => value === chosen)?.query ?? {} });
        }}
        data-testid="proof-call-run"
      >
        {run.isPending ? t('administer.proof.running') : t('administer.proof.run')}
      </Button>
      {proof !== null && (
        <div className="stack proof" role="status" data-testid="proof-call-verdict" data-ok={proof.ok}>
          <Alert
            type={proof.ok ? 'success' : 'error'}
            showIcon
            title={`${proof.ok ? t('administer.proof.good') : t('administer.proof.bad')} (${proof.totalMs} ms)`}
          />
          <p data-testid="proof-call-went">
            {proof.over !== undefined ? wayWords(proof.over) : proof.echo !== undefined ? echoWords(proof.echo) : t('trunkTest.loopback')}
          </p>
          <Button
            className="gap-below fits"
            onClick={() =>
              void session.api
                .file('/proof-call/:proofId/sheet.:form', {
                  params: { proofId: proof.proofId, form: 'pdf' },
                  query: { language: i18n.language === 'en' ? 'en' : 'zh-CN' },
                })
                .then((blob) => saveBlob(blob, `proof-call-${proof.proofId}.pdf`))
                .catch((error: unknown) => void message.error(wordsOf(error)))
            }
            data-testid="proof-sheet"
          >
            {t('administer.proof.sheet')}
          </Button>
          <Table<ProofStage>
            size="small"
            rowKey="name"
            pagination={false}
            dataSource={[...proof.stages]}
            columns={[
              {
                title: t('administer.proof.stage'),
                render: (_value, row) => t(`administer.proof.stages.${row.name}`, { defaultValue: row.name }),
              },
              { title: t('administer.proof.verdict'), render: (_value, row) => <Verdict stage={row} /> },
              { title: t('administer.proof.time'), render: (_value, row) => <span className="figures">{row.ms} ms</span>, align: 'right' },
              {
                title: t('administer.proof.note'),
                className: 'hash',
                render: (_value, { detail, detailZh = detail }) => (i18n.language === 'en' ? detail : detailZh),
              },
            ]}
          />
        </div>
      )}
    </section>
  );
}

function Verdict({ stage }: { readonly stage: ProofStage }): ReactNode {
  const { t } = useTranslation();
  if (stage.ok)
    return (
      <span className="good">
        <CheckCircleFilled /> {t('administer.proof.pass')}
      </span>
    );
  if (stage.detail === 'not reached')
    return (
      <span className="soft">
        <MinusCircleOutlined /> {t('administer.proof.notReached')}
      </span>
    );
  return (
    <span className="bad">
      <CloseCircleFilled /> {t('administer.proof.fail')}
    </span>
  );
}

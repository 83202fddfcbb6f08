import { Alert, Button, Empty, Input, Select, Tag } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { Flow, ServiceNumber } from '../../../../services/shared/contracts/flow.js';
import { Page } from '../../components/page.js';
import { timeText } from '../../components/times.js';
import { useChange, useRead } from '../../session/use-server.js';
import { aboutOf, outlineOf } from './flow-outline.js';

interface FlowVersion {
  readonly version: number;
  readonly flow: Flow;
  readonly savedBy?: string;
  readonly savedAt?: string;
  readonly by?: string;
  readonly at?: string;
  readonly note?: string;
}

interface FlowProblem {
  readonly where: string;
  readonly problem: string;
}

/** The flow of a number: outline, definition, versions. Nothing goes live before it was kept and found sound. */
export default function FlowsPage(): ReactNode {
  const { t } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const numbers = useRead<{ numbers: readonly ServiceNumber[] }>('/numbers');
  const list = numbers.data?.numbers ?? [];
  const chosen = list.find(({ number }) => number === address.get('number')) ?? list[0];
  return (
    <Page
      title={t('library.flow.title')}
      testId="flows-page"
      actions={
        <Select
          className="number-choice"
          aria-label={t('library.flow.choose')}
          {...(chosen === undefined ? {} : { value: chosen.number })}
          onChange={(number) => setAddress({ number })}
          options={list.map(({ number, name }) => ({ value: number, label: `${number} ${name}` }))}
        />
      }
    >
      {chosen === undefined ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('library.numbers.empty')} />
      ) : (
        <FlowEditor key={chosen.number} number={chosen} />
      )}
    </Page>
  );
}

function FlowEditor({ number }: { readonly number: ServiceNumber }): ReactNode {
  const { t } = useTranslation();
  const path = `/numbers/${encodeURIComponent(number.number)}`;
  const versions = useRead<{ versions: readonly FlowVersion[]; live: number }>(`${path}/flows`);
  const [text, setText] = useState(() => JSON.stringify(number.flow, null, 2));
  const [shown, setShown] = useState(number.flowVersion);
  const [problems, setProblems] = useState<readonly FlowProblem[] | null>(null);
  const [unreadable, setUnreadable] = useState<string | null>(null);
  const check = useChange<{ problems: readonly FlowProblem[] }>('flows', (answer) => setProblems(answer.problems));
  const keep = useChange<{ version: number; problems: readonly FlowProblem[] }>('numbers', (answer) => {
    setProblems(answer.problems);
    setShown(answer.version);
  });
  const live = useChange('numbers');
  useEffect(() => setProblems(null), [text]);

  function withFlow(act: (flow: Flow) => void): void {
    try {
      const flow = JSON.parse(text) as Flow;
      setUnreadable(null);
      act(flow);
    } catch (error) {
      setUnreadable(error instanceof Error ? error.message : '');
    }
  }

  const liveVersion = versions.data?.live ?? number.flowVersion;
  return (
    <div className="flow-editor">
      <section className="panel">
        <h2>{t('library.flow.outline')}</h2>
        <Outline flow={parsed(text) ?? number.flow} />
        <h2>{t('library.flow.versions')}</h2>
        <ul className="plain">
          {(versions.data?.versions ?? []).map((version) => (
            <li key={version.version} className="row">
              <Button
                size="small"
                type={shown === version.version ? 'primary' : 'default'}
                onClick={() => {
                  setShown(version.version);
                  setText(JSON.stringify(version.flow, null, 2));
                }}
              >
                {t('library.flow.version', { version: version.version })}
              </Button>
              {version.version === liveVersion ? (
                <Tag color="green">{t('library.flow.isLive')}</Tag>
              ) : (
                <Button
                  size="small"
                  loading={live.isPending}
                  onClick={() => live.mutate({ method: 'PUT', path: `${path}/flow`, body: { version: version.version } })}
                  data-testid={`live-${version.version}`}
                >
                  {t('library.flow.live')}
                </Button>
              )}
              <span className="soft">
                {timeText(version.savedAt ?? version.at)} {version.note}
              </span>
            </li>
          ))}
        </ul>
      </section>
      <section className="panel">
        <div className="row">
          <h2 className="grow">{t('library.flow.source')}</h2>
          <Button
            loading={check.isPending}
            onClick={() => withFlow((flow) => check.mutate({ method: 'POST', path: '/flows/check', body: { flow } }))}
            data-testid="check-flow"
          >
            {t('library.flow.check')}
          </Button>
          <Button
            type="primary"
            loading={keep.isPending}
            onClick={() => withFlow((flow) => keep.mutate({ method: 'POST', path: `${path}/flows`, body: { flow } }))}
            data-testid="keep-flow"
          >
            {t('library.flow.keep')}
          </Button>
        </div>
        <Verdict problems={problems} unreadable={unreadable} />
        <Input.TextArea
          className="source"
          value={text}
          aria-label={t('library.flow.source')}
          spellCheck={false}
          autoSize={{ minRows: 18, maxRows: 32 }}
          onChange={({ target }) => setText(target.value)}
          data-testid="flow-source"
        />
      </section>
    </div>
  );
}

function parsed(text: string): Flow | null {
  try {
    const flow = JSON.parse(text) as Partial<Flow>;
    return typeof flow.start === 'string' && typeof flow.steps === 'object' ? (flow as Flow) : null;
  } catch {
    return null;
  }
}

function Outline({ flow }: { readonly flow: Flow }): ReactNode {
  const { t } = useTranslation();
  return (
    <ol className="outline" data-testid="flow-outline">
      {outlineOf(flow).map(({ id, step, leads, reached }) => (
        <li key={id} className={reached ? '' : 'soft'}>
          <strong>{t(`library.flow.kinds.${step.kind}`)}</strong> {aboutOf(step)} <code>{id}</code>
          {id === flow.start && <Tag color="blue">{t('library.flow.starts')}</Tag>}
          {leads.map((lead) => (
            <div key={`${lead.by} ${lead.to}`} className="soft">
              {lead.by} → <code>{lead.to}</code>
            </div>
          ))}
        </li>
      ))}
    </ol>
  );
}

function Verdict({
  problems,
  unreadable,
}: {
  readonly problems: readonly FlowProblem[] | null;
  readonly unreadable: string | null;
}): ReactNode {
  const { t } = useTranslation();
  if (unreadable !== null)
    return <Alert className="form-note" type="error" showIcon title={t('library.flow.unreadable', { problem: unreadable })} />;
  if (problems === null) return null;
  if (problems.length === 0)
    return <Alert className="form-note" type="success" showIcon title={t('library.flow.sound')} data-testid="flow-sound" />;
  return (
    <Alert
      className="form-note"
      type="error"
      showIcon
      title={t('library.flow.faults')}
      description={
        <ul>
          {problems.map(({ where, problem }) => (
            <li key={`${where} ${problem}`}>
              <code>{where}</code> {t(`library.flow.problems.${problem}`, { defaultValue: problem })}
            </li>
          ))}
        </ul>
      }
    />
  );
}

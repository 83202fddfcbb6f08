import { CheckCircleFilled, CloseCircleFilled, MinusCircleOutlined, QuestionCircleOutlined } from '@ant-design/icons';
import { Alert, Button, Drawer, Form, Input, Select, Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { trunkTestLines } from '../../../../../services/shared/contracts/trunks/trunk-test.js';
import { timeText } from '../../../components/time/times.js';
import type { AnswerOf } from '../../../session/api.js';
import { useChange, useRead } from '../../../session/use-server.js';
import { useMay } from '../../../session/use-workplace.js';
import type { StoredTrunk } from './trunk-form.js';

type TrunkTest = AnswerOf<'GET /trunk-tests'>['tests'][number];
type Line = TrunkTest['lines'][number];

const WHILE_RUNNING_MS = 1_000;
const OTHERWISE_MS = 10_000;
const ICONS = {
  good: <CheckCircleFilled className="good" />,
  bad: <CloseCircleFilled className="bad" />,
  unknown: <QuestionCircleOutlined className="soft" />,
  skipped: <MinusCircleOutlined className="soft" />,
} as const;

/** The newest test of each trunk, by its id. */
export function useTrunkTests(isWatched: boolean): ReadonlyMap<string, TrunkTest> {
  const { data } = useRead('/trunk-tests', { everyMs: isWatched ? WHILE_RUNNING_MS : OTHERWISE_MS });
  return new Map((data?.tests ?? []).map((test) => [test.trunkId, test]));
}

const resultOf = ({ state, ok }: TrunkTest): 'running' | 'broken' | 'good' | 'bad' =>
  state === 'running' ? 'running' : state === 'broken-off' ? 'broken' : ok ? 'good' : 'bad';
const COLOURS = { running: 'blue', broken: 'default', good: 'green', bad: 'red' } as const;

/** The last test of a trunk in one cell, and the button for the next. */
export function TestCell({
  trunkId,
  test,
  onOpen,
}: {
  readonly trunkId: string;
  readonly test: TrunkTest | undefined;
  readonly onOpen: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const result = test === undefined ? undefined : resultOf(test);
  return (
    <>
      {test !== undefined && result !== undefined && (
        <div data-testid={`trunk-tested-${trunkId}`}>
          <Tag color={COLOURS[result]}>{t(`trunkTest.results.${result}`)}</Tag>
          <div className="soft">
            {timeText(test.at)} {test.byName}
          </div>
        </div>
      )}
      {(may('system.edit') || test !== undefined) && (
        <Button size="small" onClick={onOpen} data-testid={`test-trunk-${trunkId}`}>
          {t(may('system.edit') ? 'trunkTest.open' : 'trunkTest.show')}
        </Button>
      )}
    </>
  );
}

interface Fields {
  readonly far: 'number' | 'own';
  readonly inBy?: string;
  readonly number: string;
}

/** Tests a trunk, and shows each line as it arrives. */
export function TrunkTestDrawer({
  trunk,
  trunks,
  test,
  onClose,
}: {
  readonly trunk: StoredTrunk;
  readonly trunks: readonly StoredTrunk[];
  readonly test: TrunkTest | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const [form] = Form.useForm<Fields>();
  const far = Form.useWatch('far', form);
  const run = useChange<'POST /trunks/:id/test'>('trunk-tests');
  const isRunning = test?.state === 'running';
  return (
    <Drawer open size={560} title={t('trunkTest.title', { trunk: trunk.name })} onClose={onClose}>
      {may('system.edit') && (
        <Form
          form={form}
          layout="vertical"
          initialValues={{ far: test?.inBy === undefined ? 'number' : 'own', inBy: test?.inBy, number: test?.number ?? trunk.echoNumber }}
          onFinish={({ number, inBy, far: side }) =>
            run.mutate({
              route: 'POST /trunks/:id/test',
              params: { id: trunk.id },
              body: { number: number.trim(), ...(side === 'own' && inBy !== undefined ? { inBy } : {}) },
            })
          }
        >
          <Form.Item name="far" label={t('trunkTest.far')} extra={t(`trunkTest.farHints.${far ?? 'number'}`)}>
            <Select
              data-testid="test-far"
              options={(['number', 'own'] as const).map((value) => ({ value, label: t(`trunkTest.fars.${value}`) }))}
            />
          </Form.Item>
          {far === 'own' && (
            <Form.Item name="inBy" label={t('trunkTest.inBy')} rules={[{ required: true }]}>
              <Select
                data-testid="test-in-by"
                options={trunks.filter(({ enabled }) => enabled).map(({ id, name }) => ({ value: id, label: `${name} (${id})` }))}
              />
            </Form.Item>
          )}
          <Form.Item
            name="number"
            label={t('trunkTest.number')}
            rules={[{ required: true, pattern: /^\s*\+?\d{3,20}\s*$/, message: t('trunkTest.numberWrong') }]}
          >
            <Input autoComplete="off" inputMode="tel" data-testid="test-number" />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={run.isPending || isRunning} data-testid="run-trunk-test">
            {t(isRunning ? 'trunkTest.running' : 'trunkTest.run')}
          </Button>
          <p className="soft">{t('trunkTest.hint')}</p>
        </Form>
      )}
      {test !== undefined && <Result test={test} />}
    </Drawer>
  );
}

function Result({ test }: { readonly test: TrunkTest }): ReactNode {
  const { t } = useTranslation();
  const result = resultOf(test);
  const types = { running: 'info', broken: 'warning', good: 'success', bad: 'error' } as const;
  return (
    <div role="status" data-testid="trunk-test-result" data-result={result}>
      <Alert
        type={types[result]}
        showIcon
        title={t(`trunkTest.results.${result}`)}
        description={`${timeText(test.at)} · ${test.byName} · ${test.number}`}
      />
      <ul className="plain" style={{ listStyle: 'none', padding: 0 }}>
        {trunkTestLines.map((name) => (
          <TestLine key={name} name={name} line={test.lines.find((made) => made.name === name)} />
        ))}
      </ul>
    </div>
  );
}

function TestLine({ name, line }: { readonly name: Line['name']; readonly line: Line | undefined }): ReactNode {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  return (
    <li style={{ padding: '8px 0' }} data-testid={`test-line-${name}`} data-verdict={line?.verdict ?? 'waiting'}>
      <div>
        {line === undefined ? <MinusCircleOutlined className="soft" /> : ICONS[line.verdict]}{' '}
        <strong>{t(`trunkTest.lines.${name}`)}</strong>{' '}
        <span className="soft">{t(`trunkTest.verdicts.${line?.verdict ?? 'waiting'}`)}</span>
      </div>
      {line !== undefined && <div>{line.seen[language]}</div>}
      {line?.tell !== undefined && (
        <div>
          <em>{t('trunkTest.tell')}</em> {line.tell[language]}
        </div>
      )}
    </li>
  );
}

import { CheckCircleFilled, ClockCircleOutlined, MinusCircleOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Progress, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Loaded, Page } from '../../../components/page.js';
import { useBoard, useRead } from '../../../session/use-server.js';
import { useApp, useMay } from '../../../session/use-workplace.js';
import { beginWith, guideFirst } from '../../../shell/first-screen.js';
import { PracticeCallPanel } from '../system/practice-call-panel.js';
import { callersNumbers, nextStep, setUpOf, type Centre, type SetUpLine, type SetUpStep } from './set-up.js';

const EVERY_MS = 5_000;

/** Where each step is done; the form of a new object opens automatically. */
const places: Partial<Record<SetUpStep, string>> = {
  licence: '/registry?guide=licence',
  people: '/users?guide=new',
  queue: '/queues?guide=new',
  skills: '/agent-settings?guide=skills',
  trunk: '/numbers?guide=trunk',
  number: '/numbers?guide=new',
};

const looks = {
  done: { color: 'green', icon: <CheckCircleFilled /> },
  open: { color: 'default', icon: <ClockCircleOutlined /> },
  spare: { color: 'default', icon: <MinusCircleOutlined /> },
} as const;

/** The steps from this centre to its first call, each with its state in the running product. */
export default function SetUpPage(): ReactNode {
  const { t } = useTranslation();
  const { centre, query } = useCentre();
  const lines = setUpOf(centre);
  // Only compliance officers register the licence: an administrator would find nothing to press there.
  const next = nextStep(lines, useMay()('registry.edit') ? [] : ['licence']);
  const done = lines.filter(({ state }) => state !== 'open').length;
  return (
    <Page title={t('setUp.title')} testId="set-up-page" actions={<FirstScreen />}>
      <div className="stack">
        <p className="soft">{t('setUp.text')}</p>
        <Loaded query={query}>
          {() => (
            <>
              {next === undefined ? (
                <Alert type="success" showIcon title={t('setUp.complete')} data-testid="set-up-complete" />
              ) : (
                <div className="row">
                  <span className="figures">{t('setUp.progress', { done, all: lines.length })}</span>
                  <Progress
                    className="grow"
                    aria-label={t('setUp.progress', { done, all: lines.length })}
                    percent={Math.round((100 * done) / lines.length)}
                    showInfo={false}
                  />
                </div>
              )}
              <ol className="set-up">
                {lines.map((line) => (
                  <Step key={line.step} line={line} isNext={line.step === next} flowOf={callersNumbers(centre.numbers)[0]?.number} />
                ))}
              </ol>
            </>
          )}
        </Loaded>
      </div>
    </Page>
  );
}

function Step({
  line: { step, state, seen, of },
  isNext,
  flowOf,
}: {
  readonly line: SetUpLine;
  readonly isNext: boolean;
  readonly flowOf: string | undefined;
}): ReactNode {
  const { t } = useTranslation();
  const go = useNavigate();
  const place = step === 'flow' ? `/flows${flowOf === undefined ? '' : `?number=${encodeURIComponent(flowOf)}`}` : places[step];
  return (
    <li className="panel" data-testid={`set-up-${step}`} data-state={state} aria-current={isNext ? 'step' : undefined}>
      <div className="row">
        <h2 className="grow">
          {t(`setUp.steps.${step}`)} {isNext && <Tag color="blue">{t('setUp.next')}</Tag>}
        </h2>
        <Tag color={looks[state].color} icon={looks[state].icon}>
          {t(`setUp.state.${state}`)}
        </Tag>
        {place !== undefined && (
          <Button type={isNext ? 'primary' : 'default'} onClick={() => void go(place)} data-testid={`do-${step}`}>
            {t(`setUp.do.${step}`)}
          </Button>
        )}
      </div>
      <p className="soft">{t(`setUp.seen.${step}.${seen}`, { of })}</p>
      {step === 'call' && flowOf !== undefined && <PracticeCallPanel />}
    </li>
  );
}

/** Which page comes first at the next sign-in on this computer. */
function FirstScreen(): ReactNode {
  const { t } = useTranslation();
  const [first, setFirst] = useState(guideFirst);
  return (
    <Button
      onClick={() => {
        beginWith(first ? 'board' : 'guide');
        setFirst(!first);
      }}
      data-testid="set-up-first"
    >
      {t(first ? 'setUp.toBoard' : 'setUp.again')}
    </Button>
  );
}

/** The centre as the running product reports it, read again every few seconds. */
function useCentre() {
  const { session } = useApp();
  const may = useMay();
  const every = { everyMs: EVERY_MS };
  const people = useRead('/users', { ...every, enabled: may('users.read') });
  const numbers = useRead('/numbers', every);
  const { value: boards } = useBoard('board:queues');
  const inService = callersNumbers(numbers.data?.numbers);
  const sound = useQuery({
    queryKey: ['flow-check', 'set-up', JSON.stringify(inService.map(({ number, revision }) => [number, revision]))],
    queryFn: async () => {
      const checked = await Promise.all(
        inService.map(async ({ number, flow }) => ({ number, ...(await session.api.send('POST /flows/check', { body: { flow } })) })),
      );
      return checked.filter(({ problems }) => problems.length === 0).map(({ number }) => number);
    },
    enabled: inService.length > 0,
    refetchInterval: EVERY_MS,
  });
  const ofPeople = (boards ?? []).filter(({ internal }) => !internal);
  const centre: Centre = {
    licence: useRead('/licence', every).data?.number ?? undefined,
    people: people.data?.users,
    queues: useRead('/queues', every).data?.queues,
    skills: useRead('/agents/skills', every).data?.skills,
    trunks: useRead('/trunks', every).data?.trunks,
    ways: useRead('/trunks/state', every).data?.trunks,
    numbers: numbers.data?.numbers,
    sound: sound.data,
    ready: Math.max(0, ...ofPeople.map(({ states }) => states.ready ?? 0)),
    answered: ofPeople.reduce((sum, { today }) => sum + today.answered.numerator, 0),
  };
  return { centre, query: numbers };
}

import { Alert, App, Button, Dropdown, Input, Segmented } from 'antd';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Flow, FlowStep, ServiceNumber } from '../../../../../services/shared/contracts/calls/flow.js';
import { useNarrow } from '../../../components/use-narrow.js';
import { useChange, useRead } from '../../../session/use-server.js';
import { unsaved } from '../../../session/unsaved.js';
import { useUnsaved } from '../../../session/use-unsaved.js';
import { useApp } from '../../../session/use-workplace.js';
import { firstQueue, placeOf, stepKinds, withNewStep, withoutStep, withStep, type FlowProblem } from './flow-edit.js';
import { FlowOutline, ProblemList } from './flow-outline-list.js';
import { GeneralForm, SurveyForm } from './flow-parts.js';
import { FlowVersionList } from './flow-versions.js';
import { HoursForm } from './hours-form.js';
import { NumberState } from './number-state.js';
import { StepForm } from './step-form.js';

const FlowDrawing = lazy(async () => ({ default: (await import('./flow-drawing.js')).FlowDrawing }));

const CHECK_AFTER_MS = 300;
const VIEW_KEY = 'proofline.flow-view';

/** The value as it was a moment ago, so that typing is not checked at every key. */
function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

/** The server's findings about the edited flow; undefined until it has answered. */
function useProblems(flow: Flow): readonly FlowProblem[] | undefined {
  const { session } = useApp();
  const settled = useSettled(flow, CHECK_AFTER_MS);
  const read = useQuery({
    queryKey: ['flow-check', JSON.stringify(settled)],
    queryFn: () => session.api.send('POST /flows/check', { body: { flow: settled } }),
    staleTime: 5_000,
  });
  return settled === flow ? read.data?.problems : undefined;
}

/** The flow of one number: its drawing above, parts on the left, the chosen one on the right; or all steps as a list on the left. Only a valid flow can go live. */
export function FlowEditor({
  number,
  drafts,
}: {
  readonly number: ServiceNumber;
  /** Numbers on which a flow can be tested. */
  readonly drafts: readonly ServiceNumber[];
}): ReactNode {
  const { t } = useTranslation();
  const versions = useRead('/numbers/:number/flows', { params: { number: number.number } });
  const queues = useRead('/queues');
  const [flow, setFlow] = useState<Flow>(number.flow);
  const [saved, setSaved] = useState<Flow>(number.flow);
  useUnsaved(() => JSON.stringify(flow) !== JSON.stringify(saved));
  const [shown, setShown] = useState(number.flowVersion);
  const [place, setPlace] = useState<string>(number.flow.start);
  const [isDrawn, setView] = useFlowView();
  const problems = useProblems(flow);
  const step = flow.steps[place];
  const here = (problems ?? []).filter(({ where }) => placeOf(flow, where) === place);

  function add(kind: FlowStep['kind']): void {
    const { flow: next, id } = withNewStep(flow, kind, firstQueue(queues.data?.queues ?? [])?.id ?? '');
    setFlow(next);
    setPlace(id);
  }

  return (
    <div className="flow-editor">
      <FlowSteps flow={flow} problems={problems ?? []} chosen={place} isDrawn={isDrawn} onChoose={setPlace} onView={setView} />
      <section className="panel stack">
        <FlowOutline flow={flow} problems={problems ?? []} chosen={place} onChoose={setPlace} withSteps={!isDrawn} />
        <Dropdown
          autoFocus
          trigger={['click']}
          menu={{ items: stepKinds.map((key) => ({ key, label: t(`library.flow.kinds.${key}`), onClick: () => add(key) })) }}
        >
          <Button data-testid="add-step">{t('flow.addStep')}</Button>
        </Dropdown>
        {versions.data !== undefined && (
          <FlowVersionList
            number={number}
            read={versions.data}
            shown={shown}
            onShow={(version) =>
              unsaved.leave(() => {
                setShown(version.version);
                setFlow(version.flow);
                setSaved(version.flow);
                setPlace(version.flow.start);
              })
            }
          />
        )}
      </section>
      <section className="panel stack">
        <NumberState number={number} />
        <Keeping
          number={number}
          drafts={drafts}
          flow={flow}
          problems={problems}
          onKept={(version) => {
            setShown(version);
            setSaved(flow);
          }}
          shownHere={here.length > 0}
        />
        {here.length > 0 && <Alert type="error" showIcon title={t('flow.wrongHere')} description={<ProblemList problems={here} />} />}
        {step !== undefined && (
          <StepForm
            key={place}
            id={place}
            flow={flow}
            step={step}
            onChange={(next) => setFlow(withStep(flow, place, next))}
            onRename={(next, id) => {
              setFlow(next);
              setPlace(id);
            }}
            onRemove={() => {
              setFlow(withoutStep(flow, place));
              setPlace('flow');
            }}
          />
        )}
        {place === 'hours' && <HoursForm flow={flow} onChange={setFlow} />}
        {place === 'survey' && <SurveyForm flow={flow} onChange={setFlow} />}
        {step === undefined && place !== 'hours' && place !== 'survey' && <GeneralForm flow={flow} onChange={setFlow} />}
      </section>
    </div>
  );
}

/** Whether the flow is drawn, as this person chose on this computer. A drawing needs width. */
function useFlowView(): readonly [isDrawn: boolean, choose: (view: string) => void] {
  const [view, setView] = useState(() => localStorage.getItem(VIEW_KEY) ?? 'drawing');
  const isDrawn = !useNarrow() && view === 'drawing';
  return [
    isDrawn,
    (next) => {
      localStorage.setItem(VIEW_KEY, next);
      setView(next);
    },
  ];
}

/** The choice between drawing and list, and the drawing. On a narrow screen there is the list alone, and nothing to choose. */
function FlowSteps({
  isDrawn,
  onView,
  ...drawing
}: Parameters<typeof FlowDrawing>[0] & { readonly isDrawn: boolean; readonly onView: (view: string) => void }): ReactNode {
  const { t } = useTranslation();
  if (useNarrow()) return null;
  return (
    <section className="panel stack flow-steps">
      <div className="row">
        <h2 className="grow">{t('library.flow.outline')}</h2>
        <Segmented
          aria-label={t('flow.view')}
          value={isDrawn ? 'drawing' : 'list'}
          options={(['drawing', 'list'] as const).map((value) => ({ value, label: t(`flow.views.${value}`) }))}
          onChange={onView}
          data-testid="flow-view"
        />
      </div>
      {isDrawn && (
        <Suspense fallback={null}>
          <FlowDrawing {...drawing} />
        </Suspense>
      )}
    </section>
  );
}

/** The result of the check, and the next steps of the flow: a version, a draft number, live. */
function Keeping({
  number,
  drafts,
  flow,
  problems,
  onKept,
  shownHere,
}: {
  readonly number: ServiceNumber;
  readonly drafts: readonly ServiceNumber[];
  readonly flow: Flow;
  readonly problems: readonly FlowProblem[] | undefined;
  readonly onKept: (version: number) => void;
  /** Problems are shown beside this already. */
  readonly shownHere: boolean;
}): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const { message } = App.useApp();
  const [note, setNote] = useState('');
  const put = useChange('numbers');
  const keep = useChange<'POST /numbers/:number/flows'>('numbers', ({ version }) => onKept(version));
  const isSound = problems?.length === 0;
  const isWhole = problems !== undefined && !problems.some(({ problem }) => problem === 'field');

  /** Saves the flow as a new version of a number and puts it live there. */
  async function bring(to: ServiceNumber): Promise<void> {
    const params = { number: to.number };
    const { version } = await session.api.send('POST /numbers/:number/flows', { params, body: { flow, note } });
    await put.mutateAsync({ route: 'PUT /numbers/:number/flow', params, body: { version } });
    if (to.number === number.number) onKept(version);
    void message.success(t(to.status === 'draft' ? 'flow.isOnDraft' : 'flow.isLiveNow', { number: to.number, version }));
  }

  return (
    <>
      <div className="row">
        <Input
          className="flow-note"
          value={note}
          maxLength={200}
          placeholder={t('flow.note')}
          aria-label={t('flow.note')}
          onChange={({ target }) => setNote(target.value)}
        />
        <Button
          disabled={!isWhole}
          loading={keep.isPending}
          onClick={() => keep.mutate({ route: 'POST /numbers/:number/flows', params: { number: number.number }, body: { flow, note } })}
          data-testid="keep-flow"
        >
          {t('library.flow.keep')}
        </Button>
        <Dropdown
          autoFocus
          trigger={['click']}
          disabled={!isSound || drafts.length === 0}
          menu={{
            items: drafts.map((draft) => ({ key: draft.number, label: `${draft.number} ${draft.name}`, onClick: () => void bring(draft) })),
          }}
        >
          <Button title={drafts.length === 0 ? t('flow.noDraft') : ''} data-testid="try-flow">
            {t('flow.tryOn')}
          </Button>
        </Dropdown>
        <Button type="primary" disabled={!isSound} loading={put.isPending} onClick={() => void bring(number)} data-testid="flow-live">
          {t(number.status === 'draft' ? 'flow.keepAndTry' : 'flow.keepAndLive')}
        </Button>
      </div>
      {problems === undefined ? (
        <Alert type="info" title={t('flow.checking')} data-testid="flow-checking" />
      ) : isSound ? (
        <Alert type="success" showIcon title={t('library.flow.sound')} data-testid="flow-sound" />
      ) : (
        <Alert
          type="error"
          showIcon
          title={t('flow.notSound', { count: problems.length })}
          {...(shownHere ? {} : { description: t('flow.notSoundNext') })}
          data-testid="flow-faults"
        />
      )}
    </>
  );
}

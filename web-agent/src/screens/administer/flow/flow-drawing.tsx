import { Tag } from 'antd';
import { useMemo, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Flow } from '../../../../../services/shared/contracts/calls/flow.js';
import { placeOf, type FlowProblem } from './flow-edit.js';
import { graphOf, type GraphBox, type GraphStep, type GraphWay } from './flow-graph.js';
import { useLeadWords, useStepNames } from './step-names.js';
import './flow-drawing.css';

const boxStyle = ({ x, y, width, height }: GraphBox): { left: number; top: number; width: number; height: number } => ({
  left: x - width / 2,
  top: y - height / 2,
  width,
  height,
});

/** Straight from point to point for a way back; else curves that leave and arrive upright. */
function pathOf({ points, isBack }: GraphWay): string {
  const [[startX, startY] = [0, 0], ...rest] = points;
  if (isBack) return `M ${String(startX)} ${String(startY)} ${rest.map(([x, y]) => `L ${String(x)} ${String(y)}`).join(' ')}`;
  let [fromX, fromY] = [startX, startY];
  const curves = rest.map(([x, y]) => {
    const middle = (fromY + y) / 2;
    const curve = `C ${String(fromX)} ${String(middle)}, ${String(x)} ${String(middle)}, ${String(x)} ${String(y)}`;
    [fromX, fromY] = [x, y];
    return curve;
  });
  return `M ${String(startX)} ${String(startY)} ${curves.join(' ')}`;
}

const directions: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The nearest step in the direction of an arrow key. */
function stepTowards(steps: readonly GraphStep[], from: GraphStep, [x, y]: readonly [number, number]): GraphStep | undefined {
  const away = (step: GraphStep): number => {
    const [along, aside] = [
      (step.x - from.x) * x + (step.y - from.y) * y,
      Math.abs((step.x - from.x) * y) + Math.abs((step.y - from.y) * x),
    ];
    return along <= 1 ? Infinity : along + aside * 2;
  };
  return steps.filter((step) => away(step) < Infinity).sort((a, b) => away(a) - away(b))[0];
}

/** The flow as a drawing: a step opens its form, shows its number of problems, and is reached by Tab and by the arrow keys. */
export function FlowDrawing({
  flow,
  problems,
  chosen,
  onChoose,
}: {
  readonly flow: Flow;
  readonly problems: readonly FlowProblem[];
  readonly chosen: string;
  readonly onChoose: (place: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  const names = useStepNames(flow);
  const leadWords = useLeadWords();
  const graph = useMemo(() => graphOf(flow), [flow]);
  const nodes = useRef(new Map<string, HTMLButtonElement>());

  function move(event: KeyboardEvent, step: GraphStep): void {
    const direction = directions[event.key];
    const next = direction === undefined ? undefined : stepTowards(graph.steps, step, direction);
    if (next === undefined) return;
    event.preventDefault();
    nodes.current.get(next.id)?.focus();
  }

  return (
    <div className="flow-drawing" role="group" aria-label={t('flow.drawing')} data-testid="flow-drawing" tabIndex={-1}>
      <div className="flow-sheet" style={{ width: graph.width, height: graph.height }}>
        <svg width={graph.width} height={graph.height} aria-hidden="true">
          <defs>
            <marker id="flow-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
              <path d="M 0 0 L 8 4 L 0 8 z" />
            </marker>
          </defs>
          {graph.ways.map((way) => (
            <path
              key={`${way.from} ${way.to}`}
              className={way.isBack ? 'flow-way flow-way-back' : 'flow-way'}
              d={pathOf(way)}
              markerEnd="url(#flow-arrow)"
            />
          ))}
        </svg>
        {graph.ways.map(({ from, to, leads, words }) => {
          const text = leads.map(leadWords).join(' · ');
          return (
            <span key={`${from} ${to}`} className="flow-words" style={boxStyle(words)} title={text} aria-hidden="true">
              <span>{text}</span>
            </span>
          );
        })}
        {graph.steps.map((step) => {
          const count = problems.filter(({ where }) => placeOf(flow, where) === step.id).length;
          const { kind, about, whole } = names(step.id);
          const leads = graph.ways.filter(({ from }) => from === step.id);
          return (
            <button
              key={step.id}
              type="button"
              ref={(node) => {
                if (node === null) nodes.current.delete(step.id);
                else nodes.current.set(step.id, node);
              }}
              className={[
                'flow-node',
                step.id === chosen && 'flow-node-chosen',
                count > 0 && 'flow-node-wrong',
                !step.reached && 'flow-node-lost',
              ]
                .filter(Boolean)
                .join(' ')}
              style={boxStyle(step)}
              title={whole}
              aria-current={step.id === chosen}
              onClick={() => onChoose(step.id)}
              onKeyDown={(event) => move(event, step)}
              data-testid={`flow-node-${step.id}`}
            >
              <span className="flow-node-kind">
                <strong>{kind}</strong>
                {step.id === flow.start && <Tag color="blue">{t('library.flow.starts')}</Tag>}
                {step.id === flow.onClosed && <Tag color="gold">{t('flow.closedStart')}</Tag>}
                {count > 0 && <Tag color="red">{t('flow.problemCount', { count })}</Tag>}
              </span>
              <span className="flow-node-about">{about}</span>
              {leads.map((way) => (
                <span key={way.to} className="visually-hidden">
                  {way.leads.map(leadWords).join(', ')} → {names(way.to).whole}.
                </span>
              ))}
            </button>
          );
        })}
      </div>
    </div>
  );
}

import type { CustomSeriesOption } from 'echarts/charts';
import { CustomChart } from 'echarts/charts';
import { DataZoomComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentTiles } from '../../../../services/shared/contracts/api/figures/figures.js';
import { clockText, timeText } from '../../components/time/times.js';
import { useShade } from '../../theme.js';
import { useAgentNames } from '../seat/agent-names.js';
import { tileColours, tileStates, type TileState } from './tile-states.js';

use([CustomChart, DataZoomComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

const [ROW_PX, BAR_SHARE, AROUND_PX] = [26, 0.7, 110];
/** A ring of two seconds must still be visible in a day of 1,000 pixels. */
const NARROWEST_PX = 1;

type Value = readonly [row: number, fromMs: number, untilMs: number];
type RenderItem = NonNullable<CustomSeriesOption['renderItem']>;

/** One tile; on a zoomed axis only its visible part. */
const tile =
  (colour: string): RenderItem =>
  (params, api) => {
    const [row, fromMs, untilMs] = [Number(api.value(0)), Number(api.value(1)), Number(api.value(2))];
    const [from = 0, y = 0] = api.coord([fromMs, row]);
    const [until = 0] = api.coord([untilMs, row]);
    const { x: leftPx, width } = params.coordSys as typeof params.coordSys & { readonly x: number; readonly width: number };
    const size = api.size?.([0, 1]);
    const height = (Array.isArray(size) ? (size[1] ?? ROW_PX) : ROW_PX) * BAR_SHARE;
    const [left, right] = [Math.max(from, leftPx), Math.min(Math.max(until, from + NARROWEST_PX), leftPx + width)];
    if (right <= left) return null;
    return { type: 'rect', shape: { x: left, y: y - height / 2, width: right - left, height }, style: { fill: colour } };
  };

/** The states of agents over a day. The table beside it has the same times in words and numbers. */
export default function StatesGantt({
  agents,
  from,
  until,
}: {
  readonly agents: readonly AgentTiles[];
  readonly from: string;
  readonly until: string;
}): ReactNode {
  const { t } = useTranslation();
  const names = useAgentNames();
  const shade = useShade();
  const box = useRef<HTMLDivElement>(null);
  const nameOf = (agentId: string): string => names.get(agentId) ?? agentId;
  const rows = agents.map(({ agentId }) => nameOf(agentId));
  const option: EChartsCoreOption = {
    backgroundColor: 'transparent',
    animation: false,
    legend: { type: 'scroll', top: 0, left: 0 },
    grid: { left: 8, right: 16, top: 36, bottom: 60, containLabel: true },
    tooltip: {
      trigger: 'item',
      // Values of ours and names of states: nothing of it is markup.
      renderMode: 'richText',
      formatter: ({ value: [row, fromMs, untilMs], seriesName }: { readonly value: Value; readonly seriesName: string }) =>
        `${rows[row] ?? ''}\n${seriesName} ${clockText(untilMs - fromMs)}\n${timeText(new Date(fromMs).toISOString())}`,
    },
    xAxis: {
      type: 'time',
      min: Date.parse(from),
      max: Date.parse(until),
      axisLabel: { formatter: (ms: number) => timeText(new Date(ms).toISOString()).slice(11, 16), hideOverlap: true },
    },
    yAxis: { type: 'category', inverse: true, data: rows, axisLabel: { width: 90, overflow: 'truncate' } },
    dataZoom: [{ type: 'slider', filterMode: 'none', height: 22, bottom: 8, labelFormatter: '' }],
    series: tileStates.map((state: TileState) => ({
      type: 'custom',
      name: t(`seat.state.${state}`),
      itemStyle: { color: tileColours[state] },
      renderItem: tile(tileColours[state]),
      encode: { x: [1, 2], y: 0 },
      data: agents.flatMap(({ tiles }, row) =>
        tiles.flatMap((each): Value[] => (each.state === state ? [[row, Date.parse(each.from), Date.parse(each.until)]] : [])),
      ),
    })),
  };
  const height = AROUND_PX + ROW_PX * rows.length;
  const drawn = JSON.stringify([option, rows]);
  useEffect(() => {
    if (box.current === null) return undefined;
    const chart = init(box.current, shade === 'dark' ? 'dark' : undefined, { renderer: 'svg' });
    chart.setOption(option);
    const watch = new ResizeObserver(() => chart.resize());
    watch.observe(box.current);
    return () => {
      watch.disconnect();
      chart.dispose();
    };
    // Compared by the text of what is drawn: the option object is new at each rendering.
  }, [shade, drawn]);
  return <div ref={box} role="img" aria-label={t('reports.states.chart')} style={{ height }} data-testid="states-gantt" />;
}

import { Empty } from 'antd';
import { BarChart, LineChart, type BarSeriesOption, type LineSeriesOption } from 'echarts/charts';
import {
  GridComponent,
  LegendComponent,
  TooltipComponent,
  type GridComponentOption,
  type LegendComponentOption,
  type TooltipComponentOption,
} from 'echarts/components';
import { init, use, type ComposeOption, type EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useShade } from '../theme.js';

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

export type ChartOption = ComposeOption<
  BarSeriesOption | LineSeriesOption | GridComponentOption | LegendComponentOption | TooltipComponentOption
>;

const hasFigures = ({ series }: ChartOption): boolean =>
  [series ?? []]
    .flat()
    .some(({ data }) => Array.isArray(data) && data.some((value: unknown) => value !== null && value !== undefined && value !== 0));

/**
 * A small chart in the page's colours. Its figures are in a table or in large print beside it, so a screen reader may treat it as a
 * picture.
 */
export function Chart({
  option,
  label,
  height = 200,
}: {
  readonly option: ChartOption;
  readonly label: string;
  readonly height?: number;
}): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const shade = useShade();
  const { t } = useTranslation();
  const isDrawn = hasFigures(option);
  const chart = useRef<EChartsType | null>(null);
  useEffect(() => {
    if (box.current === null) return undefined;
    const made = init(box.current, shade === 'dark' ? 'dark' : undefined, { renderer: 'svg' });
    chart.current = made;
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(box.current);
    return () => {
      watch.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, [shade, isDrawn]);
  useEffect(() => {
    chart.current?.setOption({
      backgroundColor: 'transparent',
      animation: false,
      color: [shade === 'dark' ? '#6aa8f7' : '#1554ad'],
      grid: { left: 36, right: 12, top: 12, bottom: 24 },
      tooltip: { trigger: 'axis' },
      ...option,
    });
  }, [option, shade, isDrawn]);
  // Axes without bars or lines say nothing: words say that there is nothing.
  if (!isDrawn) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('shell.empty')} />;
  return <div ref={box} role="img" aria-label={label} style={{ height }} />;
}

import type { TitleBlock } from '../shared/domain/licence/topology.js';
import { DOT_PX, DOTS_PER_ROW, FONT_PX, LINE_PX, MOST_BESIDE_LINE, SMALL_PX, shorten, wrapped } from './topology-size.js';
import { textWidth } from '../shared/domain/text-width.js';
import type { Say } from '../shared/domain/language.js';
import type { Placed } from './topology-layout.js';
import { fit, MARGIN, standsUpright, TITLE_HEIGHT } from './topology-page.js';

const FONT = 'Noto Sans SC';

const strokes: Readonly<Record<string, { colour: string; width: number }>> = {
  trunk: { colour: '#1d4ed8', width: 2.4 },
  signalling: { colour: '#374151', width: 1.3 },
  media: { colour: '#047857', width: 2 },
  data: { colour: '#6b7280', width: 1.1 },
  seat: { colour: '#7c3aed', width: 1.5 },
};
/** The fill shows the kind; the border shows the status, and stays readable in a black-and-white copy. */
const fills: Readonly<Record<string, string>> = {
  carrier: '#dbeafe',
  gateway: '#d1fae5',
  pbx: '#e0e7ff',
  firewall: '#fee2e2',
  database: '#f3f4f6',
  storage: '#f3f4f6',
  backup: '#f3f4f6',
  terminal: '#f5f3ff',
  unknown: '#ffffff',
};
const borders: Readonly<Record<string, string>> = {
  matched: 'stroke="#111827" stroke-width="2.4"',
  'by-hand': 'stroke="#6b7280" stroke-width="0.9"',
  'declared-silent': 'stroke="#111827" stroke-width="1.4" stroke-dasharray="6 4"',
  'declared-unanswered': 'stroke="#111827" stroke-width="1.4" stroke-dasharray="1.5 4"',
  'seen-not-declared': 'stroke="#dc2626" stroke-width="3"',
};

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);
const words = (x: number, y: number, text: string, px: number, more = ''): string =>
  `<text x="${Math.round(x)}" y="${Math.round(y)}" font-size="${px}" ${more}>${escape(text)}</text>`;

/** The drawing on A3 with title block and legend, as one self-contained SVG. */
export function topologySvg(placed: Placed, title: TitleBlock, say: Say): string {
  const upright = standsUpright(placed);
  const { page, area, scale } = fit(placed, upright);
  const left = MARGIN + (area.width - placed.width * scale) / 2;
  const top = MARGIN + (area.height - placed.height * scale) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${upright ? 297 : 420}mm" height="${upright ? 420 : 297}mm" viewBox="0 0 ${page.width} ${page.height}" font-family="${FONT}" fill="#111827">`,
    `<rect width="${page.width}" height="${page.height}" fill="#ffffff"/>`,
    `<rect x="12" y="12" width="${page.width - 24}" height="${page.height - 24}" fill="none" stroke="#111827" stroke-width="1.5"/>`,
    `<g transform="translate(${left.toFixed(1)} ${top.toFixed(1)}) scale(${scale.toFixed(4)})">`,
    ...placed.frames.map(drawFrame),
    ...placed.edges.map(drawEdge),
    ...placed.frames.map(drawFrameTitle),
    ...placed.nodes.map(drawNode),
    '</g>',
    ...drawTitle(title, page, { hasUnanswered: placed.nodes.some(({ standing }) => standing === 'declared-unanswered'), say }),
    '</svg>',
  ].join('\n');
}

const drawFrame = ({ box, parent }: Placed['frames'][number]): string =>
  `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" rx="6" fill="${parent === undefined ? '#fafafa' : '#ffffff'}" stroke="#9ca3af" ${parent === undefined ? 'stroke-width="1.6"' : 'stroke-dasharray="3 3"'}/>`;

/**
 * Above the edges, on a patch of the frame's colour and on a halo, so that a line that enters the frame never crosses its name: a dashed line
 * shows through a halo alone. Drawn twice, because not every reader paints in order.
 */
const drawFrameTitle = ({ box, title, parent }: Placed['frames'][number]): string =>
  title
    .split('\n')
    .map((line, i) => {
      const px = i === 0 ? FONT_PX : SMALL_PX;
      const weight = `font-weight="${parent === undefined && i === 0 ? 700 : 400}"`;
      const place = [box.x + 12, box.y + 21 + i * 18, line, px] as const;
      const patch = `<rect x="${box.x + 8}" y="${box.y + 6 + i * 18}" width="${Math.ceil(textWidth(line, px)) + 8}" height="19" fill="${parent === undefined ? '#fafafa' : '#ffffff'}"/>`;
      return (
        patch + words(...place, `${weight} fill="#ffffff" stroke="#ffffff" stroke-width="5"`) + words(...place, `${weight} fill="#374151"`)
      );
    })
    .join('');

function drawEdge({ points, kind, observed, label, lines }: Placed['edges'][number]): string {
  const { colour, width } = strokes[kind] ?? { colour: '#374151', width: 1.2 };
  const path = points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join(' ');
  const end = points.at(-1);
  const dash = observed ? '' : ' stroke-dasharray="5 4"';
  const parts = [`<path d="${path}" fill="none" stroke="${colour}" stroke-width="${width}"${dash}/>`];
  if (end !== undefined) parts.push(`<circle cx="${end.x.toFixed(1)}" cy="${end.y.toFixed(1)}" r="3" fill="${colour}"/>`);
  if (label !== undefined) {
    parts.push(`<rect x="${label.x}" y="${label.y}" width="${label.width}" height="${label.height}" fill="#ffffff" opacity="0.88"/>`);
    parts.push(
      ...lines.map((line, i) =>
        words(label.x + 4, label.y + 13 + i * LINE_PX, shorten(line, MOST_BESIDE_LINE), SMALL_PX, `fill="${colour}"`),
      ),
    );
  }
  return parts.join('');
}

function drawNode({ box, lines, number, standing, category, seats }: Placed['nodes'][number]): string {
  const fill = fills[category] ?? '#fffbeb';
  const parts = [
    `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" rx="4" fill="${fill}" ${borders[standing] ?? ''}/>`,
  ];
  if (number !== '') parts.push(words(box.x + box.width - 6, box.y + 16, number, SMALL_PX, 'text-anchor="end" fill="#6b7280"'));
  parts.push(
    ...lines.map((line, i) =>
      words(box.x + 12, box.y + 20 + i * LINE_PX, line, i === 0 ? FONT_PX : SMALL_PX, i === 0 ? 'font-weight="700"' : 'fill="#4b5563"'),
    ),
  );
  seats?.forEach((online, i) => {
    const cx = box.x + 12 + DOT_PX / 2 + (i % DOTS_PER_ROW) * DOT_PX;
    const cy = box.y + 14 + lines.length * LINE_PX + Math.floor(i / DOTS_PER_ROW) * DOT_PX + DOT_PX / 2;
    parts.push(`<circle cx="${cx}" cy="${cy}" r="3" fill="${online ? '#7c3aed' : '#ffffff'}" stroke="#7c3aed" stroke-width="0.8"/>`);
  });
  return parts.join('');
}

function drawTitle(
  { company, licence, date, version, note }: TitleBlock,
  page: { readonly width: number; readonly height: number },
  { hasUnanswered, say }: { readonly hasUnanswered: boolean; readonly say: Say },
): string[] {
  const top = page.height - 12 - TITLE_HEIGHT;
  const right = page.width - 12;
  const lines: readonly [string, string][] = [
    [say('中继', 'Trunk'), `stroke="${strokes['trunk']?.colour ?? ''}" stroke-width="2.4"`],
    [say('信令', 'Signalling'), `stroke="${strokes['signalling']?.colour ?? ''}" stroke-width="1.3"`],
    [say('媒体', 'Media'), `stroke="${strokes['media']?.colour ?? ''}" stroke-width="2"`],
    [say('数据', 'Data'), `stroke="${strokes['data']?.colour ?? ''}" stroke-width="1.1"`],
    [say('坐席', 'Seat'), `stroke="${strokes['seat']?.colour ?? ''}" stroke-width="1.5"`],
    [say('按设计，未观测', 'By design, not observed'), 'stroke="#374151" stroke-dasharray="5 4"'],
  ];
  const boxes: readonly (readonly [string, string])[] = [
    [say('已核实', 'Confirmed'), borders['matched'] ?? ''],
    [say('人工登记', 'By hand'), borders['by-hand'] ?? ''],
    [say('已登记，未探测到', 'Declared, silent'), borders['declared-silent'] ?? ''],
    // Rare, and the legend has little room.
    ...(hasUnanswered ? [[say('探针未答复', 'No answer'), borders['declared-unanswered'] ?? ''] as const] : []),
    [say('未登记', 'Not declared'), borders['seen-not-declared'] ?? ''],
  ];
  const legendY = top + 100;
  let x = MARGIN;
  /** Legend entries stand one after the other, each as wide as its words. */
  const entry = (markWidth: number, name: string, mark: (at: number) => string): string => {
    const drawn = mark(x) + words(x + markWidth + 6, legendY + 4, name, SMALL_PX);
    x += markWidth + 6 + textWidth(name, SMALL_PX) + 12;
    return drawn;
  };
  const legend = [
    ...lines.map(([name, style]) => entry(26, name, (at) => `<line x1="${at}" y1="${legendY}" x2="${at + 26}" y2="${legendY}" ${style}/>`)),
    ...boxes.map(([name, style]) =>
      entry(24, name, (at) => `<rect x="${at}" y="${legendY - 8}" width="24" height="15" fill="#ffffff" ${style}/>`),
    ),
  ];
  return [
    `<path d="M12 ${top} H${right} M12 ${top + 78} H${right} M${right - 330} ${top} V${top + 78}" stroke="#111827" stroke-width="1.5" fill="none"/>`,
    words(MARGIN, top + 26, say('网络拓扑图', 'Network topology'), 21, 'font-weight="700"'),
    words(MARGIN, top + 45, `${company}  ${say('许可证编号', 'Licence')} ${licence}`, FONT_PX),
    ...wrapped(note, SMALL_PX, right - 340 - MARGIN).map((line, i) => words(MARGIN, top + 60 + i * 13, line, SMALL_PX, 'fill="#4b5563"')),
    words(right - 316, top + 28, `${say('生成日期', 'Made on')} ${date}`, FONT_PX),
    words(right - 316, top + 58, `${say('软件版本', 'Software')} ${version}`, FONT_PX),
    words(right - 146, top + 28, say('编制 系统生成', 'Author: system'), FONT_PX),
    words(right - 146, top + 58, say('批准 ____________', 'Approved ________'), FONT_PX),
    ...legend,
  ];
}

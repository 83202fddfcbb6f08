import { shorten, SMALL_PX, wrapped } from './topology-size.js';
import type { Frame, Topology, TopologyEdge, TopologyNode } from '../shared/domain/licence/topology.js';

/** A site around the core: its frame and its content. */
export interface SiteCard {
  readonly frame: Frame;
  readonly nodes: readonly TopologyNode[];
}

/** The arrangement of the sheet: carriers above, the core with the platform, the other sites as cards beside or below it. */
export interface Sheet {
  readonly carriers: readonly TopologyNode[];
  readonly core: Pick<Topology, 'nodes' | 'frames' | 'edges'>;
  readonly cards: readonly SiteCard[];
  /** Edges from a carrier, or from a card, into the core. */
  readonly inward: readonly TopologyEdge[];
  /** Edges within a card. */
  readonly within: readonly TopologyEdge[];
}

export const CARRIERS = 'carriers';
const UNKNOWN = 'unknown';
const CARRIER_TEXT_PX = 256;
const MOST_LINES_OF_A_KIND = 4;
const MOST_STRANGERS = 4;
const MOST_ADDRESSES = 6;

const siteOf = (frame: string): string => frame.split('/')[0] ?? frame;

/** Splits a topology by place in the drawing. Every node and every edge is in exactly one part. */
export function sheetOf({ nodes: all, edges: every, frames }: Topology): Sheet {
  const { nodes, edges } = withFewStrangers(all, every);
  const site = new Map(nodes.map(({ id, frame }) => [id, siteOf(frame)]));
  const crosses = ({ from, to }: TopologyEdge): boolean => site.get(from) !== site.get(to);
  const ends = new Set(edges.filter(crosses).map(({ to }) => site.get(to)));
  const parted = new Set(nodes.filter(({ part }) => part !== undefined).map(({ frame }) => siteOf(frame)));
  const cards = frames.filter(
    ({ id, parent }) => parent === undefined && ![CARRIERS, UNKNOWN].includes(id) && !ends.has(id) && !parted.has(id),
  );
  const around = new Set([CARRIERS, ...cards.map(({ id }) => id)]);
  const isAround = (id: string): boolean => around.has(site.get(id) ?? '');
  const trunks = edges.filter(({ from }) => site.get(from) === CARRIERS);
  return {
    carriers: nodes
      .filter(({ frame }) => frame === CARRIERS)
      .map((node) => ({
        ...node,
        lines: [...node.lines, ...trunks.filter(({ from }) => from === node.id).flatMap(({ lines }) => lines)].flatMap(inCarrier),
      })),
    cards: cards.map((frame) => ({
      frame,
      nodes: nodes.filter((node) => siteOf(node.frame) === frame.id).map((node) => ({ ...shortened(node), frame: frame.id })),
    })),
    core: {
      nodes: nodes.filter(({ id }) => !isAround(id)).map(shortened),
      frames: frames.filter(({ id }) => !around.has(siteOf(id))).map(onTwoLines),
      edges: edges.filter(({ from, to }) => !isAround(from) && !isAround(to)),
    },
    // The properties of a trunk are in the box of its carrier.
    inward: edges
      .filter(({ from, to }) => isAround(from) && !isAround(to))
      .map((edge) => (edge.kind === 'trunk' ? { ...edge, lines: [] } : edge)),
    within: edges.filter(({ from, to }) => isAround(from) && isAround(to)),
  };
}

const shortened = (node: TopologyNode): TopologyNode => ({ ...node, lines: node.lines.map((line) => shorten(line)) });

/** A wide frame has room for the address and the internet exit next to each other. */
function onTwoLines(frame: Frame): Frame {
  const [name = '', ...rest] = frame.title.split('\n');
  return rest.length < 2 ? frame : { ...frame, title: `${name}\n${rest.join(' · ')}` };
}

/** A long list of numbers continues below. A very long one is cut; the register of trunks has all of it. */
function inCarrier(line: string, index: number): string[] {
  if (index === 0) return [line];
  const lines = wrapped(line, SMALL_PX, CARRIER_TEXT_PX);
  return lines.length <= MOST_LINES_OF_A_KIND
    ? lines
    : [...lines.slice(0, MOST_LINES_OF_A_KIND - 1), `${lines[MOST_LINES_OF_A_KIND - 1] ?? ''}…`];
}

/** Many unknown peers of one server are one box. The findings list them one by one. */
function withFewStrangers(
  nodes: readonly TopologyNode[],
  edges: readonly TopologyEdge[],
): { readonly nodes: readonly TopologyNode[]; readonly edges: readonly TopologyEdge[] } {
  const strangers = nodes.filter(({ frame }) => frame === UNKNOWN);
  const target = new Map(edges.map(({ from, to }) => [from, to]));
  const groups = new Map<string, TopologyNode[]>();
  for (const node of strangers) {
    const to = target.get(node.id) ?? '';
    groups.set(to, [...(groups.get(to) ?? []), node]);
  }
  const into = new Map<string, TopologyNode>();
  for (const [to, members] of groups) {
    const [first] = members;
    if (first === undefined || members.length <= MOST_STRANGERS) continue;
    const addresses = members.map(({ lines }) => lines[0] ?? '');
    const one: TopologyNode = {
      ...first,
      id: `unknown>${to}`,
      lines: [
        `${first.lines[1] ?? ''} ×${members.length}`,
        ...addresses.slice(0, MOST_ADDRESSES),
        ...(addresses.length > MOST_ADDRESSES ? ['…'] : []),
      ],
    };
    for (const member of members) into.set(member.id, one);
  }
  if (into.size === 0) return { nodes, edges };
  const once = new Map(
    edges
      .map((edge) => ({ ...edge, from: into.get(edge.from)?.id ?? edge.from }))
      .map((edge) => [`${edge.from}>${edge.to}>${edge.lines.join()}`, edge]),
  );
  return { nodes: [...nodes.filter(({ id }) => !into.has(id)), ...new Set(into.values())], edges: [...once.values()] };
}

import type { Category, PartId, Standing } from './equipment-list.js';
import type { Finding } from './finding.js';

export type EdgeKind = 'trunk' | 'signalling' | 'media' | 'data' | 'seat';

export interface TopologyNode {
  readonly id: string;
  /** The number in the equipment list; carriers and clients outside have none. */
  readonly number: string;
  readonly lines: readonly string[];
  readonly frame: string;
  readonly standing: Standing;
  readonly category: Category | 'carrier' | 'unknown';
  readonly part?: PartId;
  /** The seats of a group, each seen (true) or only declared. */
  readonly seats?: readonly boolean[];
}

export interface TopologyEdge {
  readonly from: string;
  readonly to: string;
  readonly lines: readonly string[];
  readonly kind: EdgeKind;
  /** A live connection or a call confirms it. Otherwise it is only designed, and drawn dashed. */
  readonly observed: boolean;
}

export interface Frame {
  readonly id: string;
  /** Lines of text: the name, then the address and the internet exit. */
  readonly title: string;
  readonly parent?: string;
}

/** The network topology 网络拓扑图, content of regulation 6.3: zones and sites as frames, carriers at the edge. */
export interface Topology {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
  readonly frames: readonly Frame[];
  readonly findings: readonly Finding[];
}

export interface TitleBlock {
  readonly company: string;
  readonly licence: string;
  readonly date: string;
  readonly version: string;
  readonly note: string;
}

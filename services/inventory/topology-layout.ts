import type { Frame, Topology, TopologyEdge, TopologyNode } from '../shared/domain/licence/topology.js';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The position of everything, in pixels from the top left. */
export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly (TopologyNode & { readonly box: Box })[];
  readonly frames: readonly (Frame & { readonly box: Box })[];
  readonly edges: readonly (TopologyEdge & { readonly points: readonly Point[]; readonly label?: Box })[];
}

export type LayOut = (topology: Topology) => Promise<Placed>;

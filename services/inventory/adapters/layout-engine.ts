import type { ELK, ElkNode } from 'elkjs/lib/elk-api.js';

/** Gives every node and edge of a graph its place. The same graph always gets the same places. */
export type LayOutGraph = (graph: ElkNode) => Promise<ElkNode>;

/** Lays out in this thread, which does nothing else meanwhile: half a second for the equipment of a small site. */
export const layOutHere: LayOutGraph = async (graph) => {
  // 3.4 MB of code, loaded for the first drawing. Its declarations have a default export, but Node.js gives the class itself.
  const { default: ElkBundled } = await import('elkjs/lib/elk.bundled.js');
  const Elk = ElkBundled as unknown as new () => ELK;
  return new Elk().layout(graph);
};

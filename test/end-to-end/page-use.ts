import type { BrowserContext, Page } from 'playwright-core';

export interface PageUse {
  readonly connectionsMade: number;
  readonly connectionsOpen: number;
  readonly heapBytes: number;
  readonly domNodes: number;
  readonly listeners: number;
}

/** Counts the peer connections of every page of this context, without keeping any of them alive. */
export async function countConnections(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const made: WeakRef<RTCPeerConnection>[] = [];
    const Real = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Real {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        made.push(new WeakRef(this));
      }
    };
    Object.assign(window, {
      countedConnections: () => ({
        made: made.length,
        open: made.filter((peer) => (peer.deref()?.connectionState ?? 'closed') !== 'closed').length,
      }),
    });
  });
}

/** What a page holds once all that can be let go is let go. */
export async function useOf(page: Page): Promise<PageUse> {
  const { made, open } = await page.evaluate(() =>
    (window as unknown as { countedConnections(): { made: number; open: number } }).countedConnections(),
  );
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await devtools.send('Memory.getDOMCounters');
  await devtools.detach();
  return { connectionsMade: made, connectionsOpen: open, heapBytes: usedSize, domNodes: nodes, listeners: jsEventListeners };
}

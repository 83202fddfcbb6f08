import type { Flow } from '../transport/flow.js';
import { endSession } from './self-bye.js';
import type { Stack } from './stack.js';

const CLOSED = 'SIP ;cause=503 ;text="WebSocket closed"';

/**
 * Ends the dialogs of dead WebSockets, which drachtio-server does not report. It waits for a grace period, in which media may still flow
 * and the browser makes its next session, and then shows an unsolicited BYE, which drachtio-srf handles well.
 */
export class LostFlows {
  private readonly waiting = new Set<NodeJS.Timeout>();
  private batch: Set<Flow> | undefined;

  constructor(
    private readonly stack: Stack,
    private readonly graceMs: number,
  ) {}

  closed(flow: Flow): void {
    if (flow.protocol !== 'ws' && flow.protocol !== 'wss') return;
    // Many WebSockets die at once when a network fails. All sessions are then walked once for all of them.
    if (this.batch) {
      this.batch.add(flow);
      return;
    }
    const batch = (this.batch = new Set([flow]));
    setImmediate(() => {
      this.batch = undefined;
      const timer = setTimeout(() => {
        this.waiting.delete(timer);
        this.endSessionsOf(batch);
      }, this.graceMs);
      this.waiting.add(timer);
    });
  }

  close(): void {
    for (const timer of this.waiting) clearTimeout(timer);
    this.waiting.clear();
  }

  private endSessionsOf(flows: ReadonlySet<Flow>): void {
    for (const session of [...this.stack.sessions]) {
      const { flow, dialog } = session;
      if (!flow || !flows.has(flow) || !dialog || dialog.routeSet.length > 0) continue;
      if (session.kind === 'INVITE' && session.confirmed) endSession(this.stack, session, CLOSED);
      else if (session.confirmed) this.stack.sessions.remove(session);
    }
  }
}

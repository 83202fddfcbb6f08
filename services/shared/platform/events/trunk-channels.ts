import type { CommandBus } from '../../contracts/calls/commands.js';
import type { ScopeRow } from '../../contracts/queues/scope-row.js';

/** The boards do not wait longer for telephony: their figures are of routing. */
const WAIT_MS = 800;

/** Rows of trunks with the channels that are in use now; without them while telephony does not answer. */
export async function withChannels(commands: Pick<CommandBus, 'send'>, rows: readonly ScopeRow[]): Promise<ScopeRow[]> {
  if (!rows.some(({ of }) => of === 'trunk')) return [...rows];
  try {
    const states = new Map((await commands.send('trunks.state', {}, { timeoutMs: WAIT_MS })).map((state) => [state.trunkId, state]));
    return rows.map((row) => {
      const state = row.of === 'trunk' ? states.get(row.id) : undefined;
      return state === undefined ? row : { ...row, channels: { busy: state.calls, most: state.channels } };
    });
  } catch {
    return [...rows];
  }
}

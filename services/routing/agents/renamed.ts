import { isPerson } from '../../shared/domain/proof.js';
import type { AgentId } from '../../shared/domain/ids.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Desk } from '../matching/desk.js';
import type { StateStore } from '../ports.js';

/** Display names by the accounts; of nobody who has none. */
export type NamesOf = (agentIds: readonly AgentId[]) => Promise<ReadonlyMap<string, string>>;

/** Takes over names that were changed during a sign-in. Without the accounts everybody keeps the name of their sign-in. */
export async function takeNewNames({
  desk,
  namesOf,
  state,
  log,
}: {
  readonly desk: Pick<Desk, 'agents' | 'setNames'>;
  readonly namesOf: NamesOf;
  readonly state: Pick<StateStore, 'saveAgent'>;
  readonly log: Logger;
}): Promise<void> {
  const people = [...desk.agents()].map(({ agentId }) => agentId).filter(isPerson);
  try {
    for (const agent of desk.setNames(await namesOf(people))) state.saveAgent(agent);
  } catch (error) {
    log.debug({ err: error }, 'display names could not be read');
  }
}

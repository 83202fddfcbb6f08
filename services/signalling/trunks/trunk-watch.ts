import type { TrunkState } from '../../shared/contracts/trunks/trunk-state.js';
import type { EventBus } from '../../shared/events/catalogue.js';
import { createAlarmCondition, type AlarmCondition } from '../../shared/platform/processes/alarm-condition.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { every } from '../../shared/platform/processes/rounds.js';

const LOOK_EVERY_MS = 5_000;
const REGISTERED = 'registered';

/** What is wrong with a trunk, in words; undefined when nothing is. An address that has not been asked yet is not a fault. */
export function faultOf({ trunkId, ways, registration }: TrunkState): { readonly en: string; readonly 'zh-CN': string } | undefined {
  const down = ways.filter(({ state }) => state === 'down').length;
  const refused = registration !== undefined && registration !== REGISTERED && registration !== 'new';
  if (down === 0 && !refused) return undefined;
  const all = ways.length;
  return {
    en: [
      `Trunk ${trunkId}:`,
      down > 0 ? `${String(down)} of ${String(all)} addresses of the carrier do not answer.` : '',
      refused ? 'The carrier does not accept the registration.' : '',
    ]
      .filter((text) => text !== '')
      .join(' '),
    'zh-CN': `中继 ${trunkId}：${down > 0 ? `运营商 ${String(all)} 个地址中有 ${String(down)} 个不通。` : ''}${refused ? '运营商未接受注册。' : ''}`,
  };
}

/** Raises an alarm for each trunk that is not well, and clears it when the trunk is well again or is switched off. */
export function watchTrunks({
  states,
  bus,
  log,
  everyMs = LOOK_EVERY_MS,
}: {
  readonly states: () => readonly TrunkState[];
  readonly bus: Pick<EventBus, 'publish'>;
  readonly log: Logger;
  readonly everyMs?: number;
}): { stop(): Promise<void> } {
  const conditions = new Map<string, AlarmCondition>();

  async function look(): Promise<void> {
    const now = new Map(states().map((state) => [state.trunkId, state]));
    for (const trunkId of new Set([...now.keys(), ...conditions.keys()])) {
      const state = now.get(trunkId);
      // Nobody knows yet: an alarm of the previous process stays until an answer has come or failed to come.
      if (state?.ways.some((way) => way.state === 'unknown') === true) continue;
      const condition = conditions.get(trunkId) ?? createAlarmCondition({ bus, code: 'trunk-down', subject: trunkId });
      conditions.set(trunkId, condition);
      const text = state === undefined ? undefined : faultOf(state);
      await condition.is(text === undefined ? undefined : { text });
      if (state === undefined) conditions.delete(trunkId);
    }
  }

  const rounds = every(everyMs, look, 'the alarm of a trunk could not be published', log);
  rounds.start();
  return rounds;
}

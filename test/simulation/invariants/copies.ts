import type { Call } from '../../../services/calls/machine/call.js';
import type { World } from '../world.js';
import { legsOf } from './heard.js';
import { createPatience, type Invariant } from './invariant.js';
import { supervisorsIn } from './listening.js';

const LIMIT_MS = 3_000;
/** How somebody enters a conversation so that the mixer is needed. */
const MIXED_BY: readonly (string | undefined)[] = ['whisper', 'barge', 'conference', 'take-over'];

/** Somebody who only listens is given copies: the call itself is not mixed, and no copy is left when nobody listens. */
export function copiesInvariant(world: World): Invariant {
  const name = 'copies';
  const waitFor = createPatience(world, name);
  const { relay, stores } = world;

  return {
    name,
    sentence:
      'docs/calls.md: a supervisor who only listens gets copies; the call stays as it is, and the copies end with the listening, also when another process goes on with the call.',
    tick() {
      if (!relay.up) return;
      const mayBeCopied = new Set<string>();
      for (const { call } of stores.calls.values()) {
        if (call.stage.kind !== 'connected') continue;
        const own = [call.id, ...legsOf(world, call, `agent:${call.stage.agentId}`)];
        // After a return to the queue the next conversation may begin without the mixer.
        const isJoined = wasJoined(call);
        for (const legId of own)
          waitFor(
            `${legId}/${call.id}`,
            !isJoined && relay.isInMixer(legId),
            LIMIT_MS,
            () => `${legId} is in the mixer, though nobody joined ${call.id}`,
            [call.id],
          );
        if (supervisorsIn(call).length === 0) continue;
        const { party } = call.stage.consult ?? {};
        for (const legId of [...own, ...(party === undefined ? [] : legsOf(world, call, party))]) mayBeCopied.add(legId);
      }
      for (const { id } of relay.legs()) {
        const copies = relay.copiesOf(id);
        const most = mayBeCopied.has(id) ? 1 : 0;
        waitFor(id, copies.length > most, LIMIT_MS, () => `${id} is copied as ${copies.join()}, which should be ${most}`, [
          id.split('-', 1)[0] ?? '',
        ]);
      }
    },
  };
}

const wasJoined = ({ history }: Call): boolean =>
  history.some(({ what, detail }) => (what === 'party-joined' || what === 'transferred') && MIXED_BY.includes(detail));

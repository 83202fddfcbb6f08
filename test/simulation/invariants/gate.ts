import type { World } from '../world.js';
import type { Invariant } from './invariant.js';

const PERMIT_MS = 2_000;

/** Every INVITE that leaves has one permit of the moment before. */
export function gateInvariant(world: World): Invariant {
  const name = 'gate';
  let judged = 0;
  return {
    name,
    sentence: 'docs/calls.md, calling out: the rules are asked at the moment of dialling; without their permit nothing is dialled.',
    tick() {
      for (const { to, atMs } of world.sip.out.slice(judged)) {
        const permit = world.permits.given.findIndex((given) => given.number === to && atMs - given.atMs <= PERMIT_MS);
        if (permit < 0) world.fail(name, 'an INVITE left without a permit');
        else world.permits.given.splice(permit, 1);
      }
      judged = world.sip.out.length;
    },
  };
}

import type { Logger } from '../../shared/platform/processes/logger.js';
import type { CallerEar } from './caller-ear.js';
import type { Controller } from '../running/controller.js';
import { askWhetherThere } from '../dialling/leg-check.js';
import { outsideLegOf, type MediaDirector } from './media-director.js';
import type { Seats } from '../seats/seats.js';
import type { TestKeys } from '../dialling/test-keys.js';

/** What the media part reports about legs, each by its id. */
export interface MediaNews {
  readonly onKey: (handle: (legId: string, key: string) => void) => void;
  readonly onMediaLost: (handle: (legId: string) => void) => void;
  /** The relay was restarted and has this leg. Playback to it has stopped. */
  readonly onMediaRevived: (handle: (legId: string) => void) => void;
  /** The outside party has sent no packet for so long that nobody can still be there. */
  readonly onSilent: (handle: (legId: string) => void) => void;
  /** A leg of an earlier process has sent no packet for some seconds. */
  readonly onQuiet: (handle: (legId: string) => void) => void;
}

interface Told {
  readonly controller: Controller;
  readonly seats: Pick<Seats, 'legLost' | 'legRevived'>;
  readonly ear: Pick<CallerEar, 'forget'>;
  readonly director: Pick<MediaDirector, 'legRevived'>;
  readonly testKeys: Pick<TestKeys, 'heard'>;
  readonly log: Logger;
}

/** Notifies the call or the seat of a leg. */
export function followMedia(deps: MediaNews, { controller, seats, ear, director, testKeys, log }: Told): void {
  deps.onKey((id, key) => {
    testKeys.heard(controller.get(id)?.call, key);
    const outside = outsideLegOf(id);
    if (outside === undefined) controller.dispatch(id, { type: 'key', key });
    else controller.dispatch(outside.callId, { type: 'leg-key', legId: outside.legId, key });
  });
  deps.onMediaLost((legId) => {
    if (seats.legLost(legId)) return;
    legGone(legId, 'media-failure');
  });
  deps.onMediaRevived((legId) => {
    director.legRevived(legId);
    if (seats.legRevived(legId)) return;
    ear.forget(legId);
    controller.review(outsideLegOf(legId)?.callId ?? legId);
  });
  deps.onSilent((legId) => legGone(legId, 'caller-silent'));
  deps.onQuiet((legId) => void askWhetherThere(legId, controller, log));

  function legGone(legId: string, cause: 'media-failure' | 'caller-silent'): void {
    if (controller.get(legId) !== undefined) {
      controller.dispatch(legId, { type: 'lost', cause, by: 'system' });
      return;
    }
    const outside = outsideLegOf(legId);
    if (outside !== undefined) controller.dispatch(outside.callId, { type: 'leg-ended', legId: outside.legId });
  }
}

import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Call, Language } from '../machine/call.js';
import type { CallEvent } from '../machine/call-events.js';
import type { CallerHears } from './media-plan.js';
import type { CallMedia, Prompts } from '../ports.js';
import type { CallId } from '../../shared/domain/ids.js';

/** The relay starts a file up to 30 ms after the command. Ending a little late keeps the end of the file from being cut off. */
const TAIL_MS = 40;

/** The caller, or a third party outside. */
export interface Listener extends Pick<Call, 'language'> {
  /** The leg at the relay. */
  readonly id: string;
  /** The call that is notified when a prompt has ended. */
  readonly callId: CallId;
}

/** What one listener hears. `key` names it. A prompt that is still to come belongs to the key under which it was begun. */
interface Playing {
  readonly key: string;
  cancel: () => void;
}

/**
 * The only part that plays to callers and third parties, as the media plan says. A list of prompts goes on only while the plan names it, so
 * that what a stage began ends with it. The end of a list is reported once as `prompt-ended`.
 */
export interface CallerEar {
  hear(listener: Listener, hears: CallerHears): Promise<void>;
  /** A call of an earlier process: nobody knows what the relay plays to its caller. */
  adopt(callId: CallId): void;
  /** The relay no longer plays anything to this caller. The next `hear` starts afresh. */
  forget(callId: CallId): void;
  /** The leg is ending; nothing more is played to it. */
  end(callId: CallId): void;
}

export function createCallerEar({
  media,
  prompts,
  report,
  later,
  log,
}: {
  readonly media: Pick<CallMedia, 'play' | 'stopPlay' | 'has'>;
  readonly prompts: Prompts;
  readonly report: (callId: CallId, event: CallEvent) => void;
  /** Runs later; returns a function that cancels it. */
  readonly later: (ms: number, run: () => void) => () => void;
  readonly log: Logger;
}): CallerEar {
  const ears = new Map<string, Playing>();

  function say({ id: legId, callId, language }: Listener, turn: Playing, speech: Extract<CallerHears, { kind: 'speech' }>): Promise<void> {
    let unheard = false;
    const next = async (index: number): Promise<void> => {
      if (ears.get(legId) !== turn) return;
      const promptId = speech.prompts[index];
      if (promptId === undefined) {
        // A third party that has not heard everything is not joined: a relay that is away at the end may also have been away earlier.
        if (legId !== callId) unheard ||= !(await isThere(legId));
        if (ears.get(legId) !== turn) return;
        report(callId, { type: 'prompt-ended', token: speech.token, ...(unheard ? { unheard } : {}) });
        return;
      }
      const durationMs = await playOne(legId, promptId, language);
      unheard ||= durationMs === undefined;
      // The stage may have ended while the relay was asked.
      if (ears.get(legId) !== turn) return;
      turn.cancel = later((durationMs ?? 0) + TAIL_MS, () => void next(index + 1));
    };
    return next(0);
  }

  /** Stops playback to the leg and tells whether the relay answers for it. */
  const isThere = (legId: string): Promise<boolean> =>
    media.stopPlay(legId).then(
      () => true,
      (error: unknown) => {
        log.warn({ err: error, callId: legId }, 'it is not known whether a notice was played to its end');
        return false;
      },
    );

  /** The length of the prompt; undefined when it could not be played. The call then continues without it. */
  async function playOne(legId: string, promptId: string, language: Language): Promise<number | undefined> {
    const file = prompts.file(promptId, language);
    if (file === undefined) {
      log.warn({ callId: legId, promptId }, 'prompt is missing');
      return undefined;
    }
    try {
      return (await media.play(legId, file, 1)).durationMs;
    } catch (error) {
      log.warn({ err: error, callId: legId, promptId }, 'prompt could not be played');
      return undefined;
    }
  }

  async function repeat(legId: string, promptId: string, language: Language): Promise<void> {
    const file = prompts.file(promptId, language);
    if (file === undefined) log.warn({ callId: legId, promptId }, 'prompt is missing');
    else await media.play(legId, file, 0);
  }

  function end(callId: CallId): void {
    ears.get(callId)?.cancel();
    ears.delete(callId);
  }

  return {
    async hear(listener, hears) {
      const { id, language } = listener;
      const before = ears.get(id);
      const key = keyOf(hears);
      if (before?.key === key || !media.has(id)) return;
      before?.cancel();
      const turn: Playing = { key, cancel: () => undefined };
      ears.set(id, turn);
      try {
        if (hears.kind === 'speech') await say(listener, turn, hears);
        else if (hears.kind === 'repeated') await repeat(id, hears.promptId, language);
        else if (before !== undefined && isSound(before.key)) await media.stopPlay(id);
      } catch (error) {
        // What is playing now is not what the plan says. The next check of the call tries again.
        if (ears.get(id) === turn) ears.delete(id);
        throw error;
      }
    },
    adopt: (callId) => void ears.set(callId, { key: UNKNOWN, cancel: () => undefined }),
    forget: end,
    end,
  };
}

const UNKNOWN = 'unknown';

function keyOf(hears: CallerHears): string {
  switch (hears.kind) {
    case 'speech':
      return `speech:${hears.token}`;
    case 'repeated':
      return `repeated:${hears.promptId}`;
    case 'party':
    case 'silence':
      return hears.kind;
  }
}

const isSound = (key: string): boolean => key !== 'party' && key !== 'silence';

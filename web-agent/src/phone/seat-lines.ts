import type { SeatCredential } from '../../../services/shared/contracts/session.js';
import type { Clock } from '../../../services/shared/domain/time/clock.js';
import { LineFailed, type LineTrouble } from './line-trouble.js';
import type { LineState, Phone } from './phone.js';
import type { Earpiece, Microphone, OpenSeatLine, SeatLine } from './ports.js';
import { waitOf } from './retry-wait.js';

/**
 * The server connects the call to the new session and hangs up the old one. An old one that still exists after this time is closed by the
 * page.
 */
const HAND_OVER_MS = 2_000;

export interface SeatLinesNeeds {
  readonly openLine: OpenSeatLine;
  readonly microphone: Microphone;
  readonly earpiece: Pick<Earpiece, 'play'>;
  readonly clock: Clock;
  readonly phone: () => Phone;
  readonly isClosed: () => boolean;
  /** `trouble`: why a line could not be set up. */
  readonly lineIs: (state: LineState, trouble?: LineTrouble) => void;
  readonly microphoneMissing: () => void;
  credential(): Promise<SeatCredential>;
}

/** The SIP line of the seat: reopened when it is lost, with the old one kept until the new one carries the call. */
export interface SeatLines {
  readonly current: SeatLine | null;
  /** The Call-ID of the last line of the seat. */
  readonly lastId: string;
  open(): Promise<void>;
  drop(): void;
  microphoneChanged(stream: MediaStream): Promise<void>;
}

export function createSeatLines(needs: SeatLinesNeeds): SeatLines {
  const { openLine, earpiece, clock, phone, isClosed, lineIs } = needs;
  let line: SeatLine | null = null;
  let lastId = '';
  let opening = false;
  let openAgain = false;
  /** A microphone that was replaced while a line was being opened with the previous one. */
  let exchanged: MediaStreamTrack | undefined;
  let attempt = 0;
  let cancelRetry: (() => void) | undefined;
  const isUnwanted = (): boolean => isClosed() || phone().link === 'superseded';

  async function open(): Promise<void> {
    if (opening) {
      openAgain = true;
      return;
    }
    cancelRetry?.();
    opening = true;
    exchanged = undefined;
    const old = line;
    lineIs(old === null ? 'connecting' : 'rebuilding');
    try {
      const [secret, stream] = await Promise.all([needs.credential(), openMicrophone(needs.microphone)]);
      const fresh: SeatLine = await openLine({ credential: secret, microphone: stream, onLost: (why) => lineLost(fresh, why) });
      if (isUnwanted()) {
        fresh.close();
        return;
      }
      line = fresh;
      lastId = fresh.callId;
      attempt = 0;
      if (exchanged !== undefined) await fresh.useMicrophone(exchanged);
      earpiece.play(fresh.remote);
      lineIs('up');
      if (old !== null) clock.after(HAND_OVER_MS, () => old.close());
    } catch (error) {
      if (isUnwanted()) return;
      if (old === null) lineIs('lost', error instanceof LineFailed ? error.trouble : undefined);
      if (error instanceof MicrophoneMissing && exchanged === undefined) needs.microphoneMissing();
      else openLater();
    } finally {
      opening = false;
      if (openAgain && !isClosed()) {
        openAgain = false;
        void open();
      }
    }
  }

  function lineLost(lost: SeatLine, why: string): void {
    if (line !== lost || isClosed()) return;
    line = null;
    lineIs('lost');
    if (why !== 'microphone') void open();
  }

  function openLater(): void {
    cancelRetry?.();
    attempt += 1;
    cancelRetry = clock.after(waitOf(attempt), () => {
      if (!isClosed()) void open();
    });
  }

  return {
    get current() {
      return line;
    },
    get lastId() {
      return lastId;
    },
    open,
    drop() {
      cancelRetry?.();
      line?.close();
      line = null;
      earpiece.play(null);
    },
    async microphoneChanged(stream) {
      const track = stream.getAudioTracks()[0];
      if (opening) exchanged = track;
      if (line !== null && track !== undefined) await line.useMicrophone(track);
      else if (!opening && phone().link === 'up') await open();
    },
  };
}

async function openMicrophone(microphone: Microphone): Promise<MediaStream> {
  try {
    return await microphone.open();
  } catch (error) {
    throw new MicrophoneMissing('The microphone is not allowed or not there.', { cause: error });
  }
}

/** The only failure of a line that waiting does not fix. */
class MicrophoneMissing extends Error {
  override readonly name = 'MicrophoneMissing';
}

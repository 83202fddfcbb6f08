import { createAudioDesk, type AudioDesk } from '../devices/audio-desk.js';
import type { ControlLink, OpenSeatLine } from '../phone/ports.js';
import { browserClock } from '../phone/browser-clock.js';
import { createSeat, type Seat } from '../phone/seat.js';
import { createBoards, type Boards } from './boards.js';
import { createContactDrafts, type ContactDrafts } from './contact-draft.js';
import { createControlLink } from './control-link.js';
import { ApiProblem, type Session } from './session.js';

export interface WorkplaceState {
  readonly link: ControlLink | null;
  readonly seat: Seat | null;
  readonly desk: AudioDesk | null;
  readonly boards: Boards | null;
}

/** What lives as long as a sign-in, outside the pages: the control socket, and the seat with its media. */
export interface Workplace {
  getSnapshot(): WorkplaceState;
  subscribe(listener: () => void): () => void;
  /** Whether this page had a seat before it was loaded again. */
  readonly comesBack: boolean;
  /** Drafts about calls. */
  readonly drafts: ContactDrafts;
  /** Opens the seat in this page; another page of the same person is told that it was taken over. */
  openSeat(): void;
  close(): void;
}

/** Refusals that pass by themselves; `not-found` is the moment between a call's end and its record. */
const passing = ['network', 'timed-out', 'service-unavailable', 'internal', 'not-found', 'not-signed-in'];

/** Agents live in their seat, so it opens by itself; for others it opens on request, and again when that page is reloaded. */
const ASKED = 'proofline.seat-open';

export function createWorkplace(session: Session, openLine: OpenSeatLine): Workplace {
  let state: WorkplaceState = { link: null, seat: null, desk: null, boards: null };
  let userId = '';
  const comesBack = sessionStorage.getItem(ASKED) !== null;
  const listeners = new Set<() => void>();

  function become(next: WorkplaceState): void {
    state = next;
    for (const listener of listeners) listener();
  }

  function openSeat(): void {
    if (state.link === null || state.seat !== null) return;
    sessionStorage.setItem(ASKED, userId);
    const desk = createAudioDesk(localStorage);
    const seat = createSeat({
      link: state.link,
      openLine,
      microphone: desk,
      earpiece: desk,
      ringer: desk.ringer,
      clock: browserClock,
      credential: () => session.api.send('POST /seat/credential', {}),
    });
    desk.onMicrophone((stream) => void seat.microphoneChanged(stream));
    become({ ...state, desk, seat });
  }

  function close(): void {
    state.seat?.close();
    state.desk?.close();
    state.link?.close();
    if (state.link !== null) become({ link: null, seat: null, desk: null, boards: null });
  }

  function follow(): void {
    const now = session.getSnapshot();
    if (now.kind !== 'signed-in') {
      close();
      if (now.kind === 'signed-out' && now.away !== true) sessionStorage.removeItem(ASKED);
      return;
    }
    const { profile } = now;
    if (state.link !== null && profile.userId !== userId) close();
    userId = profile.userId;
    // An account that has yet to choose a password or set up the second factor may do nothing else.
    if (profile.mustChangePassword || profile.mustSetUpTotp) return;
    if (state.link === null) {
      const link = createControlLink((fresh) => session.token(fresh));
      become({ ...state, link, boards: createBoards(link) });
    }
    const asked = sessionStorage.getItem(ASKED) === profile.userId;
    if (profile.rights.includes('seat.use') && (profile.roles.includes('agent') || asked)) openSeat();
  }

  session.subscribe(follow);
  follow();
  return {
    getSnapshot: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    comesBack,
    drafts: createContactDrafts({
      storage: sessionStorage,
      save: (callId, entry) => session.api.send('PUT /contacts/:callId', { params: { callId }, body: entry }),
      heals: (error) => error instanceof ApiProblem && passing.includes(error.code),
    }),
    openSeat,
    close,
  };
}

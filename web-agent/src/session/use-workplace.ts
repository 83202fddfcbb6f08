import { createContext, use, useSyncExternalStore } from 'react';
import type { Profile } from '../../../services/shared/contracts/session.js';
import type { Right } from '../../../services/shared/domain/people/rights.js';
import type { AudioDesk, DeskState } from '../devices/audio-desk.js';
import { newPhone, type Phone } from '../phone/phone.js';
import type { LegQuality } from '../phone/quality.js';
import type { Seat } from '../phone/seat.js';
import type { Session, SessionState } from './session.js';
import type { ContactDraft, DraftSnapshot } from './contact-draft.js';
import type { Workplace, WorkplaceState } from './workplace.js';

export interface App {
  readonly session: Session;
  readonly workplace: Workplace;
}

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = use(AppContext);
  if (app === null) throw new Error('Used outside the app.');
  return app;
}

export function useSession(): { readonly session: Session; readonly state: SessionState } {
  const { session } = useApp();
  return { session, state: useSyncExternalStore(session.subscribe, session.getSnapshot) };
}

/** The signed-in person; only for pages inside the shell. */
export function useProfile(): Profile {
  const { state } = useSession();
  if (state.kind !== 'signed-in') throw new Error('Used without a sign-in.');
  return state.profile;
}

/** Whether somebody sees only a part of the centre. */
export const isRestricted = (scope: Profile['scope']): boolean => Object.values(scope).some((list) => (list?.length ?? 0) > 0);

/** Whether to show a control; the server decides again when it is used. */
export function useMay(): (right: Right) => boolean {
  const { rights } = useProfile();
  return (right) => rights.includes(right);
}

/** Whether the person's account has no scope. */
export function useWholeSite(): boolean {
  return !isRestricted(useProfile().scope);
}

export function useWorkplace(): WorkplaceState {
  const { workplace } = useApp();
  return useSyncExternalStore(workplace.subscribe, workplace.getSnapshot);
}

const nothing = (): (() => void) => () => undefined;

/** The seat's phone; a page without an open seat sees one that never rings. */
export function usePhone(): { readonly seat: Seat | null; readonly phone: Phone } {
  const { seat } = useWorkplace();
  const phone = useSyncExternalStore(seat?.subscribe ?? nothing, seat?.getSnapshot ?? (() => newPhone));
  return { seat, phone };
}

/**
 * One part of the phone: the page is drawn again only when this part changes. `select` returns a value of the phone as it is, or a
 * primitive; an object that it makes would differ each time.
 */
export function usePhonePart<T>(select: (phone: Phone) => T): T {
  const { seat } = useWorkplace();
  return useSyncExternalStore(seat?.subscribe ?? nothing, () => select(seat?.getSnapshot() ?? newPhone));
}

export function useQuality(): LegQuality | null {
  const { seat } = useWorkplace();
  return useSyncExternalStore(seat?.quality.subscribe ?? nothing, seat?.quality.getSnapshot ?? (() => null));
}

export function useDesk(): { readonly desk: AudioDesk; readonly state: DeskState } | null {
  const { desk } = useWorkplace();
  const state = useSyncExternalStore(desk?.subscribe ?? nothing, desk?.getSnapshot ?? (() => null));
  return desk === null || state === null ? null : { desk, state };
}

/** What this person writes about a call, kept beyond the page that shows it. */
export function useDraft(callId: string | null): { readonly draft: ContactDraft; readonly written: DraftSnapshot } | null {
  const { workplace } = useApp();
  const draft = callId === null ? null : workplace.drafts.of(callId);
  const written = useSyncExternalStore(draft?.subscribe ?? nothing, draft?.getSnapshot ?? (() => null));
  return draft === null || written === null ? null : { draft, written };
}

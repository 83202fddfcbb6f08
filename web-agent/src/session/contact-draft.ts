import type { ContactEntry } from '../../../services/shared/contracts/workspace.js';

/** `kept-here`: the server could not be reached; what is written waits in this tab and is sent again. */
export type DraftState = 'clean' | 'unsaved' | 'kept-here' | 'saved';

export interface DraftSnapshot {
  readonly entry: ContactEntry;
  readonly state: DraftState;
  /** Time of the last save: page clock, in milliseconds. */
  readonly savedAtMs: number | null;
}

/** What this agent writes about one call. It is saved on the server soon after each word, and kept in the tab until then. */
export interface ContactDraft {
  getSnapshot(): DraftSnapshot;
  subscribe(listener: () => void): () => void;
  change(part: Partial<ContactEntry>): void;
  /** Takes the server's entry, when nothing newer was written here. */
  adopt(entry: ContactEntry): void;
  /** Sends the entry by `send` after any save under way, as the final one; rejects as `send` does. */
  hand<T>(send: (entry: ContactEntry) => Promise<T>): Promise<T>;
}

export interface ContactDrafts {
  of(callId: string): ContactDraft;
}

const SAVE_AFTER_MS = 600;
const AGAIN_AFTER_MS = 4_000;
const KEPT_DRAFTS = 8;
const nothing: ContactEntry = { notes: '', disposition: [], fields: {} };
const keyOf = (callId: string): string => `proofline.contact.${callId}`;

interface DraftNeeds {
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly save: (callId: string, entry: ContactEntry) => Promise<unknown>;
  /** Whether a refusal may pass by itself, so that it is tried again. */
  readonly heals: (error: unknown) => boolean;
}

/** Drafts outlive the page that shows them: an agent who looks at another page loses no word. */
export function createContactDrafts(needs: DraftNeeds): ContactDrafts {
  const drafts = new Map<string, ContactDraft>();
  return {
    of(callId) {
      const known = drafts.get(callId);
      if (known !== undefined) return known;
      for (const [id, draft] of drafts) {
        if (drafts.size < KEPT_DRAFTS) break;
        const { state } = draft.getSnapshot();
        if (state === 'clean' || state === 'saved') drafts.delete(id);
      }
      const fresh = createContactDraft(callId, needs);
      drafts.set(callId, fresh);
      return fresh;
    },
  };
}

function createContactDraft(callId: string, { storage, save, heals }: DraftNeeds): ContactDraft {
  const stored = storage.getItem(keyOf(callId));
  let snapshot: DraftSnapshot = {
    entry: stored === null ? nothing : ({ ...nothing, ...(JSON.parse(stored) as Partial<ContactEntry>) } satisfies ContactEntry),
    state: stored === null ? 'clean' : 'unsaved',
    savedAtMs: null,
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending: Promise<unknown> = Promise.resolve();
  const listeners = new Set<() => void>();

  function become(next: Partial<DraftSnapshot>): void {
    snapshot = { ...snapshot, ...next };
    for (const listener of listeners) listener();
  }

  function saveIn(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      hand((entry) => save(callId, entry)).catch((error: unknown) => {
        become({ state: 'kept-here' });
        if (heals(error)) saveIn(AGAIN_AFTER_MS);
      });
    }, ms);
  }

  function hand<T>(send: (entry: ContactEntry) => Promise<T>): Promise<T> {
    clearTimeout(timer);
    const sent = sending.then(async () => {
      const { entry } = snapshot;
      const answer = await send(entry);
      // Text written meanwhile has its own save coming.
      if (snapshot.entry === entry) {
        storage.removeItem(keyOf(callId));
        become({ state: 'saved', savedAtMs: Date.now() });
      }
      return answer;
    });
    sending = sent.catch(() => undefined);
    return sent;
  }

  if (stored !== null) saveIn(SAVE_AFTER_MS);
  return {
    getSnapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change(part) {
      const entry = { ...snapshot.entry, ...part };
      storage.setItem(keyOf(callId), JSON.stringify(entry));
      become({ entry, state: 'unsaved' });
      saveIn(SAVE_AFTER_MS);
    },
    adopt({ notes, disposition, fields }) {
      if (snapshot.state === 'clean') become({ entry: { notes, disposition, fields } });
    },
    hand,
  };
}

/** What a person has typed and not saved, on the page that is open. */
export interface Unsaved {
  /** Adds a form; `isUnsaved` is asked when somebody is about to leave it. Returns how to take it away again. */
  add(isUnsaved: () => boolean): () => void;
  /** Forgets every form: their contents are saved, and the page continues elsewhere. */
  letGo(): void;
  /** Whether any form would be lost. */
  some(): boolean;
  /** Goes at once when nothing would be lost, else when the person says so. `isUnsaved` limits it to one form. */
  leave(go: () => void, isUnsaved?: () => boolean): void;
  /** How the person is asked; `go` is called when what was typed may be lost. */
  onAsk(ask: (go: () => void) => void): () => void;
}

export function createUnsaved(): Unsaved {
  const forms = new Set<() => boolean>();
  const some = (): boolean => [...forms].some((isUnsaved) => isUnsaved());
  let ask: ((go: () => void) => void) | undefined;
  return {
    add(isUnsaved) {
      forms.add(isUnsaved);
      return () => void forms.delete(isUnsaved);
    },
    letGo: () => forms.clear(),
    some,
    leave(go, isUnsaved = some) {
      if (ask === undefined || !isUnsaved()) go();
      else ask(go);
    },
    onAsk(next) {
      ask = next;
      return () => {
        if (ask === next) ask = undefined;
      };
    },
  };
}

/** The page has one: every way that leads away from it asks here. */
export const unsaved = createUnsaved();

import { useEffect, useRef } from 'react';
import { unsaved } from './unsaved.js';

/** Keeps a part of a page from being left while `isUnsaved` says that something would be lost. */
export function useUnsaved(isUnsaved: () => boolean): void {
  const last = useRef(isUnsaved);
  useEffect(() => {
    last.current = isUnsaved;
  });
  useEffect(() => unsaved.add(() => last.current()), []);
}

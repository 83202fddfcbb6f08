import { useCallback, useRef, useState } from 'react';
import { leftAfter } from './left-after.js';

/** The text of a field that is emptied once what was sent of it is accepted; what was typed meanwhile stays. */
export function useSentText(): {
  readonly text: string;
  readonly setText: (text: string) => void;
  /** Called when the text is sent. */
  readonly sending: () => void;
  /** Called when it was accepted. */
  readonly accepted: () => void;
} {
  const [text, setText] = useState('');
  const sent = useRef('');
  const sending = useCallback(() => {
    sent.current = text;
  }, [text]);
  const accepted = useCallback(() => {
    const was = sent.current;
    sent.current = '';
    setText((now) => leftAfter(now, was));
  }, []);
  return { text, setText, sending, accepted };
}

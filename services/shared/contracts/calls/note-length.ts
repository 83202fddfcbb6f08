/** Of a note on a call, in characters. */
export const CALL_NOTE_LENGTH = 1_000;

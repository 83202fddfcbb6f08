// What the page needs of the contracts without what reads them.

/** Of a note on a call, in characters. */
export const CALL_NOTE_LENGTH = 1_000;
/** Of a message in the chat, in characters. */
export const CHAT_LENGTH = 500;

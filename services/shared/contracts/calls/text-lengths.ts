// What the page needs from the contracts, without the schemas that parse them.

/** The length limit of a note on a call, in characters. */
export const CALL_NOTE_LENGTH = 1_000;
/** The length limit of a chat message, in characters. */
export const CHAT_LENGTH = 500;

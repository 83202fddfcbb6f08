/** A reason to end that a person can act on: its message is all that is shown. */
export class Stop extends Error {}

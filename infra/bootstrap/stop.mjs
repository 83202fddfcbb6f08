/** A reason to stop that a person can act on: only its message is shown. */
export class Stop extends Error {}

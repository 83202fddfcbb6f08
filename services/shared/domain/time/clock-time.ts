/** `00:00` to `23:59`, and `24:00` for midnight at the end of a day. */
export const clockTimes = /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;

/** Without letters and digits that sound or look alike when they are read out. */
const SIGNS = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const LENGTH = 16;

/** A first password of sixteen random characters (about 93 bits), to be told to the person and then changed. */
export function firstPassword(): string {
  const drawn: string[] = [];
  while (drawn.length < LENGTH) {
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1));
    // Bytes beyond the last whole round would make the first characters more likely.
    if (byte < 256 - (256 % SIGNS.length)) drawn.push(SIGNS.charAt(byte % SIGNS.length));
  }
  return drawn.join('');
}

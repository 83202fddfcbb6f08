/**
 * The parts of a set-up, which are closed in reverse order: with the whole, or when one of them cannot be opened.
 * `open` gives each part to `keep` as soon as it is open.
 */
export async function openedTogether<T extends object>(
  open: (keep: <P extends AsyncDisposable>(part: P) => P) => Promise<T>,
): Promise<T & AsyncDisposable> {
  const opened: AsyncDisposable[] = [];
  const close = async (): Promise<void> => {
    for (const part of opened.toReversed()) await part[Symbol.asyncDispose]();
  };
  try {
    const whole = await open((part) => {
      opened.push(part);
      return part;
    });
    return { ...whole, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

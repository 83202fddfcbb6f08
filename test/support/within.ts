/** What is awaited, or a failure that says why it did not come: `why` is asked when the time is up. */
export async function within<T>(awaited: Promise<T>, ms: number, why: () => string | Promise<string>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      void Promise.resolve(why()).then(
        (text) => reject(new Error(`not within ${ms} ms: ${text}`)),
        (error: unknown) => reject(new Error(`not within ${ms} ms`, { cause: error })),
      );
    }, ms);
  });
  return Promise.race([awaited, late]).finally(() => clearTimeout(timer));
}

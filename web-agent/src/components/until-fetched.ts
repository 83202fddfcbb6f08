const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 10_000;

/** Retries loading until it succeeds: a page that was open while the server was down gets its parts when it is back. */
export async function untilFetched<T>(load: () => Promise<T>, wait = pause): Promise<T> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS))
    try {
      return await load();
    } catch {
      await wait(waitMs);
    }
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

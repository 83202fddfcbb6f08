/** The result, or undefined when it failed or took longer than `ms`. For information that is useful but must delay nobody. */
export function within<T>(later: (ms: number, run: () => void) => () => void, ms: number, asked: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const cancel = later(ms, () => resolve(undefined));
    asked.then(
      (answer) => {
        cancel();
        resolve(answer);
      },
      () => {
        cancel();
        resolve(undefined);
      },
    );
  });
}

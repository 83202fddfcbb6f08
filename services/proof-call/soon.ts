/**
 * What another process writes or learns after an event may take a moment: asks again for up to two seconds, and returns the last answer.
 */
export async function soon<T>(wait: (ms: number) => Promise<void>, ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  for (let left = 40; ; left -= 1) {
    const answer = await ask();
    if (fits(answer) || left === 0) return answer;
    await wait(50);
  }
}

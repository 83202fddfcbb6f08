const KEY = 'proofline.first-screen';

/** Whether an administrator begins with the guide on this computer: until it is dismissed. */
export const guideFirst = (): boolean => localStorage.getItem(KEY) !== 'board';

export function beginWith(first: 'guide' | 'board'): void {
  localStorage.setItem(KEY, first);
}

import type { useAppProps } from 'antd/es/app/context.js';

let resolve: (kit: useAppProps) => void = () => undefined;
const there = new Promise<useAppProps>((done) => {
  resolve = done;
});

/** The kit's own notices have come (see shell/notices.tsx). */
export const noticesCame = (kit: useAppProps): void => resolve(kit);

/** Says a short word over the page, as soon as the part that draws it is there. */
export async function say(kind: 'error' | 'success' | 'warning', words: string, seconds?: number): Promise<void> {
  const { message } = await there;
  await message[kind](words, seconds);
}

import type { useAppProps } from 'antd/es/app/context.js';

let resolve: (kit: useAppProps) => void = () => undefined;
const there = new Promise<useAppProps>((done) => {
  resolve = done;
});

/** The kit's own notices are loaded (see shell/notices.tsx). */
export const noticesCame = (kit: useAppProps): void => resolve(kit);

/** Shows a short message over the page, as soon as the part that draws it is loaded. */
export async function say(kind: 'error' | 'success' | 'warning', words: string, seconds?: number): Promise<void> {
  const { message } = await there;
  await message[kind](words, seconds);
}

/** Asks a question over the page, also over a drawer; false when the person stays. */
export async function ask(words: {
  readonly title: string;
  readonly content: string;
  readonly okText: string;
  readonly cancelText: string;
}): Promise<boolean> {
  const { modal } = await there;
  return modal.confirm({ ...words, zIndex: 1_200, okButtonProps: { danger: true }, focusable: { autoFocusButton: 'cancel' } });
}

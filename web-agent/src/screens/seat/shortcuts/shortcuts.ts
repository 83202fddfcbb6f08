/** The keys of the seat and the control each stands for, by which `seat.shortcuts` has its word. */
export const shortcuts = [
  { key: 'Enter', does: 'answer' },
  { key: 'm', does: 'mute' },
  { key: 'h', does: 'hold' },
  { key: 'k', does: 'keypad' },
  { key: 't', does: 'transfer' },
  { key: 'c', does: 'conference' },
  { key: 'b', does: 'park' },
  { key: 's', does: 'askHelp' },
  { key: 'p', does: 'pauseRecording' },
  { key: 'Shift+X', does: 'hangUp' },
] as const;
export type Shortcut = (typeof shortcuts)[number]['does'];

export interface Pressed {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly repeat: boolean;
  /** Whether the focus is in a text field, or on something that a key activates. */
  readonly typing: boolean;
  readonly onButton: boolean;
}

/**
 * The control that a key means, or null. Letters never act while something is being written; Enter answers unless it presses the button
 * that has the focus.
 */
export function shortcutOf(pressed: Pressed): Shortcut | null {
  if (pressed.ctrlKey || pressed.altKey || pressed.metaKey || pressed.repeat || pressed.typing) return null;
  if (pressed.key === 'Enter') return pressed.onButton ? null : 'answer';
  if (pressed.shiftKey) return pressed.key.toLowerCase() === 'x' ? 'hangUp' : null;
  return shortcuts.find(({ key }) => key === pressed.key.toLowerCase())?.does ?? null;
}

/** What the seat shows beside the call: fetched together, right after the part that rings and answers. */
export { PersonMenu } from '../../../shell/person-menu.js';
export { BetweenCalls } from '../day/between-calls.js';
export { CallTabs } from './call-tabs.js';
export { DeclineMenu } from './decline-menu.js';
export { DialForm } from '../dial-form.js';
export { Keypad } from './keypad.js';
export { MyState } from '../my-state.js';
export { PauseMenu } from './pause-menu.js';
export { ShortcutsList } from '../shortcuts/shortcuts-list.js';
export { WritePanel } from './write-panel.js';

import type { ReactNode } from 'react';
import { DayCalls } from './day-calls.js';
import { MyCallbacks } from '../callbacks/my-callbacks.js';

/** What an agent has before the eyes while nobody is on the line: what was promised, and the calls of today. */
export function BetweenCalls(): ReactNode {
  return (
    <>
      <MyCallbacks />
      <DayCalls />
    </>
  );
}

import type { ReactNode } from 'react';
import { DayCalls } from './day-calls.js';
import { MyCallbacks } from '../callbacks/my-callbacks.js';

/** What an agent sees while nobody is on the line: promised callbacks, and the calls of today. */
export function BetweenCalls(): ReactNode {
  return (
    <>
      <MyCallbacks />
      <DayCalls />
    </>
  );
}

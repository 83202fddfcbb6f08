import { useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useNow } from '../../../components/time/elapsed.js';
import { ApiProblem } from '../../../session/session.js';
import { useRead } from '../../../session/use-server.js';
import { useWorkplace } from '../../../session/use-workplace.js';
import { grown, GROWS_FOR_MS, type ShownCall } from './call-so-far.js';

/** How often to read again, in case a fact is lost on the way, and for steps that no fact tells of. */
const READ_AGAIN_MS = 1_500;
const READ_AFTER_MS = 150;
/** How often to read between the end of a call and its record. */
const RECORD_EVERY_MS = 1_000;

const isGone = (error: unknown): boolean =>
  error instanceof ApiProblem && (error.code === 'no-such-call' || error.code === 'not-found' || error.code === 'not-allowed');

/** `over`: it has ended, or has left the viewer's scope, and its record is not there yet; `stale`: the server has not answered lately. */
export type CallState = 'live' | 'stale' | 'over' | 'ended';

interface OneCall {
  /** Undefined before anything was read. */
  readonly call: ShownCall | undefined;
  readonly state: CallState;
  /** The first read, awaited until there is a call to show, or failed with the reason why there is none. */
  readonly first: UseQueryResult;
}

/** One call from its first ring to its record, which replaces the live view without a jump. */
export function useCall(callId: string): OneCall {
  const read = useRead('/calls/:callId/now', { params: { callId } });
  const { ended, live } = read.data ?? {};
  const isOver = ended === undefined && live !== undefined && isGone(read.error);
  // Reads the same answer again while there is more to come.
  useRead('/calls/:callId/now', {
    params: { callId },
    enabled: live !== undefined && ended === undefined,
    everyMs: isOver ? RECORD_EVERY_MS : READ_AGAIN_MS,
  });
  useFollowed(callId, read.data !== undefined);
  const now = useNow();
  if (ended !== undefined) return { call: ended, state: 'ended', first: read };
  const sinceMs = now - read.dataUpdatedAt;
  const call: ShownCall | undefined = live === undefined ? undefined : isOver ? live : grown(live, sinceMs);
  const state: CallState = isOver ? 'over' : sinceMs > GROWS_FOR_MS ? 'stale' : 'live';
  return { call, state, first: read };
}

/** Reads the call again as soon as the server says that there is more of it, and after the socket was lost. */
function useFollowed(callId: string, isThere: boolean): void {
  const { link } = useWorkplace();
  const client = useQueryClient();
  useEffect(() => {
    if (link === null || !isThere) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const readSoon = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void client.invalidateQueries({ queryKey: ['calls', callId] });
      }, READ_AFTER_MS);
    };
    const stops = [
      link.on('fact', ({ event }) => {
        if (typeof event === 'object' && event !== null && 'callId' in event && event.callId === callId) readSoon();
      }),
      link.onUp((up) => {
        if (!up) return;
        void link.ask('call:follow', { callId, on: true });
        readSoon();
      }),
    ];
    return () => {
      for (const stop of stops) stop();
      clearTimeout(timer);
      void link.ask('call:follow', { callId, on: false });
    };
  }, [link, client, callId, isThere]);
}

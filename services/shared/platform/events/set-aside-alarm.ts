import type { EventBus, EventInput } from '../../events/catalogue.js';
import type { Logger } from '../processes/logger.js';
import type { SetAsideEvent } from './set-aside.js';

/** The alarm of a subscriber that cannot handle an event, and its end. */
export function createSetAsideAlarm({ publish, log }: { readonly publish: EventBus['publish']; readonly log: Logger }): {
  raise(event: SetAsideEvent): Promise<void>;
  clear(subscriber: string): Promise<void>;
} {
  return {
    async raise({ subscriber, name, id, failure }) {
      // A subscriber that cannot handle notices would cause a notice about each notice.
      if (name === 'notice.raised' || name === 'notice.cleared') return;
      const notice: EventInput<'notice.raised'> = {
        at: new Date().toISOString(),
        code: 'event-set-aside',
        subject: subscriber,
        text: {
          en: `An event (${name}, ${id}) cannot be handled by "${subscriber}": ${failure}. What belongs to it waits as well; System status counts what waits, and npm run events -- --set-aside lists it.`,
          'zh-CN': `事件（${name}，${id}）无法由“${subscriber}”处理：${failure}。同一通话的后续事件亦在等待；“系统状态”显示等待数量，可用 npm run events -- --set-aside 查看明细。`,
        },
      };
      await publish('notice.raised', notice).catch((error: unknown) =>
        log.warn({ err: error, subscriber }, 'an alarm could not be published'),
      );
    },

    async clear(subscriber) {
      await publish('notice.cleared', { at: new Date().toISOString(), code: 'event-set-aside', subject: subscriber }).catch(
        (error: unknown) => log.warn({ err: error, subscriber }, 'the end of an alarm could not be published'),
      );
    },
  };
}

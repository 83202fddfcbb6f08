import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { UndeliverableError, type Provider } from '../ports.js';
import { smsSignature } from './http-sms-provider.js';
import { systemClock } from '../../shared/platform/processes/system-clock.js';

const TIMEOUT_MS = 15_000;
/** The request may be repeated later although the status is a 4xx. */
const MAY_PASS = [408, 425, 429];
/** Both messengers take 20 messages a minute from a robot. Above that WeCom answers the first code, DingTalk the others. */
const TOO_MANY: readonly number[] = [45_009, 130_101, 410_100];

const RobotAnswer = z.object({ errcode: z.int() });

/** The address comes from the settings of the installation, never from a page. Redirects are not followed. */
async function post(url: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (answer.ok) return answer;
  await answer.body?.cancel();
  if (answer.status >= 400 && answer.status < 500 && !MAY_PASS.includes(answer.status))
    throw new UndeliverableError(`HTTP ${answer.status}`);
  throw Object.assign(new Error('the robot did not accept the message'), { code: `HTTP ${answer.status}` });
}

/** Both messengers answer 200 with a code in the body; 0 means accepted. */
async function postToRobot(url: string, content: string): Promise<void> {
  const answer = await post(url, JSON.stringify({ msgtype: 'text', text: { content } }));
  const { data } = RobotAnswer.safeParse(await answer.json().catch(() => undefined));
  if (data?.errcode === 0) return;
  if (data === undefined || TOO_MANY.includes(data.errcode))
    throw Object.assign(new Error('the robot did not accept the message'), { code: `errcode ${data?.errcode ?? 'missing'}` });
  throw new UndeliverableError(`errcode ${data.errcode}`);
}

const contentOf = ({ subject, text }: { readonly subject: string; readonly text: string }): string => `${subject}\n${text}`;

/** A group robot of WeCom (企业微信群机器人); its key is part of the address. */
export const createWecomRobot = (robot: { readonly url: string }): Provider => ({
  send: (message) => postToRobot(robot.url, contentOf(message)),
});

/** `sign` of a DingTalk robot: HMAC-SHA-256 over `<milliseconds>\n<secret>`, base64. */
export const dingtalkSign = (secret: string, atMs: number): string =>
  createHmac('sha256', secret).update(`${atMs}\n${secret}`).digest('base64');

/** A group robot of DingTalk (钉钉自定义机器人) with signature. */
export const createDingtalkRobot = (robot: { readonly url: string; readonly secret: string }): Provider => ({
  async send(message) {
    const url = new URL(robot.url);
    const atMs = systemClock.nowMs();
    url.searchParams.set('timestamp', String(atMs));
    url.searchParams.set('sign', dingtalkSign(robot.secret, atMs));
    await postToRobot(url.href, contentOf(message));
  },
});

/** Any other program of the site: JSON `{ id, subject, text }`, signed like the SMS gateway's; `id` is the same at each attempt. */
export const createWebhook = (hook: { readonly url: string; readonly secret: string }): Provider => ({
  async send({ messageId, subject, text }) {
    const body = JSON.stringify({ id: messageId, subject, text });
    const unixSeconds = String(Math.floor(systemClock.nowMs() / 1_000));
    const answer = await post(hook.url, body, {
      'x-proofline-timestamp': unixSeconds,
      'x-proofline-signature': smsSignature(hook.secret, unixSeconds, body),
    });
    await answer.body?.cancel();
  },
});

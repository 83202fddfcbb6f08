import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { errorCode } from '../../shared/platform/processes/error-code.js';
import type { Answer } from '../../shared/platform/http/route.js';

/** The methods of an Express response that a handler may use. */
export function answerOf(response: Response): Answer {
  const answer: Answer = {
    status(code) {
      response.status(code);
      return answer;
    },
    setHeader(name, value) {
      response.setHeader(name, value);
      return answer;
    },
    type(type) {
      response.type(type);
      return answer;
    },
    attachment(fileName) {
      response.attachment(fileName);
      return answer;
    },
    cookie(name, value, options) {
      response.cookie(name, value, options);
      return answer;
    },
    clearCookie(name, options) {
      response.clearCookie(name, options);
      return answer;
    },
    redirect: (address) => response.redirect(address),
    end(body) {
      response.end(body);
    },
    async stream(body) {
      try {
        await pipeline(body, response);
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
  };
  return answer;
}

/** The client disconnected before the answer was complete, so nobody can be told of the error. */
const isGone = (error: unknown): boolean => ['ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED'].includes(String(errorCode(error)));

import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { errorCode } from '../../shared/platform/processes/error-code.js';
import type { Answer } from '../../shared/platform/http/route.js';

/** What a handler may do with a response of Express. */
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

/** The client went away in the middle: nobody is left to whom that could be said. */
const isGone = (error: unknown): boolean => ['ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED'].includes(String(errorCode(error)));

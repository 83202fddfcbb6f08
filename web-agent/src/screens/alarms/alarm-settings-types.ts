import type { AnswerOf } from '../../session/api.js';

export type Settings = AnswerOf<'GET /alarm-settings'>;
export type Kind = Settings['kinds'][number];
export type Person = Settings['people'][number];

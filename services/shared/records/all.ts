import { agentStateRecord } from './agent-state.js';
import { alarmRecord } from './alarm.js';
import { callRecord } from './call.js';
import { callbackExtract } from './callback.js';
import { seatCallbackExtract } from './seat-callback.js';
import { complaintExtract } from './complaint.js';
import { contactExtract } from './contact.js';
import { attemptRecord, consentExtract, fraudAlarmRecord, refusalExtract } from './outbound.js';
import { proofCallExtract } from './proof-call.js';
import { recordingExtract } from './recording.js';
import type { RecordKind } from './record.js';
import { reviewRecord } from './review.js';
import { accountExtract, queueExtract, registerEntryExtract, registerFileExtract, serviceNumberExtract } from './site.js';
import { surveyAnswerRecord, surveyRecord } from './survey.js';
import { visitRecord } from './visit.js';

/** Every kind of row that more than one slice knows. */
export const recordKinds: readonly RecordKind[] = [
  accountExtract,
  agentStateRecord,
  alarmRecord,
  attemptRecord,
  callRecord,
  callbackExtract,
  seatCallbackExtract,
  complaintExtract,
  consentExtract,
  contactExtract,
  fraudAlarmRecord,
  proofCallExtract,
  queueExtract,
  recordingExtract,
  refusalExtract,
  registerEntryExtract,
  registerFileExtract,
  reviewRecord,
  serviceNumberExtract,
  surveyAnswerRecord,
  surveyRecord,
  visitRecord,
];

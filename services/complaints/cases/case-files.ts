import { CallCentreError } from '../../shared/domain/failure.js';
import { mayUse, type Principal } from '../../shared/domain/people/rights.js';
import type { Language } from '../../shared/domain/language.js';
import type { CaseDependencies } from './case-dependencies.js';
import type { Evidence, FileOfCase } from './case-parts.js';
import type { CaseWork } from './case-work.js';
import { mayHaveLetter, type Complaint } from './complaint.js';
import { answerLetter, type LetterFacts } from '../letters/answer-letter.js';
import type { CaseFile } from '../ports.js';
import type { CallId, ComplaintId } from '../../shared/domain/ids.js';

/** A file that no case names after this time was abandoned. */
const GIVEN_UP_AFTER_MS = 86_400_000;
const SWEPT_AT_ONCE = 100;

const types = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pdf: 'application/pdf',
} as const;

export interface LetterWanted {
  readonly language: Language;
  readonly found: string;
  readonly answer: string;
  /** Why the letter must contain the whole number; without a reason it is masked. */
  readonly wholeNumberReason?: string | undefined;
}

export interface EvidenceGiven {
  readonly kind: Evidence['kind'];
  readonly text: string;
  readonly fileId?: string | undefined;
  readonly callId?: CallId | undefined;
}

const noSuchFile = (): CallCentreError => new CallCentreError('not-found', 'There is no such file in this case.');
const inCase = ({ fileId, fileName, sizeBytes, sha256 }: CaseFile): FileOfCase => ({ fileId, fileName, sizeBytes, sha256 });

/**
 * Prints the letter in both forms and stores it with the case. This does not answer the case: the answer is recorded when the letter has
 * been sent.
 */
function createLetters(needs: CaseDependencies, work: Pick<CaseWork, 'act'>, found: (id: ComplaintId) => Promise<Complaint>) {
  const { files, print, holder, sealer, lookUps, audit, now, newId, digest, dateOf, timeOf, version, appealContact } = needs;

  /** The number as the letter shows it. The whole number needs the right and a reason, which the audit log keeps. */
  async function numberFor(
    principal: Principal,
    { id, complainant }: Complaint,
    reason: string | undefined,
    from: string,
  ): Promise<string> {
    if (reason === undefined) return complainant.numberMasked;
    const entry = { who: principal.userId, what: 'number.unmasked', object: `complaint:${id}`, from, reason } as const;
    const { number, mail } = complainant.sealed ?? {};
    const sealed = number ?? mail;
    try {
      if (!mayUse(principal, 'numbers.unmask')) throw new CallCentreError('not-allowed', 'Your role does not show full numbers.');
      const whole = sealed === undefined ? complainant.numberMasked : sealer.open(sealed, id);
      await lookUps.take(principal, whole);
      await audit({ ...entry, success: true });
      return whole;
    } catch (error) {
      await audit({ ...entry, success: false });
      throw error;
    }
  }

  async function factsOf(complaint: Complaint, complainantNumber: string, { found: what, answer }: LetterWanted): Promise<LetterFacts> {
    const { number, kind, source, complainant, clientUnit, eventAt, receivedAt, text } = complaint;
    const { company, clientNames } = await holder();
    return {
      number,
      serial: (complaint.letters?.length ?? 0) + 1,
      kind,
      source,
      ...(complainant.name === undefined ? {} : { complainantName: complainant.name }),
      complainantNumber,
      ...(clientUnit === undefined ? {} : { clientUnit: clientNames.get(clientUnit) ?? clientUnit }),
      receivedOn: dateOf(receivedAt),
      ...(eventAt === undefined ? {} : { eventAt: timeOf(eventAt) }),
      complaint: text,
      found: what.trim(),
      answer: answer.trim(),
      company,
      appealContact,
      date: dateOf(now()),
    };
  }

  async function makeLetter(principal: Principal, id: ComplaintId, wanted: LetterWanted, from: string): Promise<Complaint> {
    const complaint = await found(id);
    if (!mayHaveLetter(complaint))
      throw new CallCentreError('wrong-state', 'The case is in another state.', { details: { refused: 'wrong-state' } });
    const { language, wholeNumberReason } = wanted;
    const whole = wholeNumberReason !== undefined;
    const facts = await factsOf(complaint, await numberFor(principal, complaint, wholeNumberReason, from), wanted);
    const document = answerLetter(facts, language);
    const { company, licence } = await holder();
    const letterhead = {
      company,
      licence,
      version,
      date: facts.date,
      reference: facts.number,
      language,
      dataSha256: digest(JSON.stringify(facts)),
    };
    const by = principal.userId;
    const printed = await Promise.all(
      (['docx', 'pdf'] as const).map(async (form) => ({ form, body: await print[form](document, letterhead) })),
    );
    const kept: CaseFile[] = [];
    for (const { form, body } of printed) {
      const about = {
        fileId: newId(),
        complaintId: id,
        fileName: `${document.fileName}.${form}`,
        contentType: types[form],
        at: now(),
        by,
        whole,
      };
      kept.push(await files.put(about, body));
    }
    const letter = {
      letterId: newId(),
      language,
      found: facts.found,
      answer: facts.answer,
      ...(whole ? { whole } : {}),
      files: kept.map((file, place) => ({ ...inCase(file), form: place === 0 ? ('docx' as const) : ('pdf' as const) })),
    };
    const after = await work.act(by, id, { type: 'add-letter', ...letter }, from, complaint.revision);
    await files.named(kept.map(({ fileId }) => fileId));
    return after;
  }
  return makeLetter;
}

/** The files of a case: evidence, and the letters that answer it. */
export function createCaseFiles(needs: CaseDependencies, work: Pick<CaseWork, 'act'>) {
  const { complaints, files, audit, now, newId } = needs;

  async function found(id: ComplaintId): Promise<Complaint> {
    const complaint = await complaints.byId(id);
    if (complaint === undefined) throw new CallCentreError('not-found', 'There is no such case.');
    return complaint;
  }

  return {
    makeLetter: createLetters(needs, work, found),

    /** Stores a file for a case. It becomes part of the case when evidence names it. */
    async addFile(
      by: string,
      id: ComplaintId,
      about: { readonly fileName: string; readonly contentType: string },
      body: Uint8Array,
      from: string,
    ) {
      const { state } = await found(id);
      if (state === 'closed') throw new CallCentreError('wrong-state', 'The case is closed.', { details: { refused: 'wrong-state' } });
      if (body.byteLength === 0) throw new CallCentreError('invalid-request', 'The file is empty.', { details: { file: 'empty' } });
      await audit({ who: by, what: 'complaint.file-added', object: id, from, success: true });
      return inCase(await files.put({ ...about, fileId: newId(), complaintId: id, at: now(), by, whole: false }, body));
    },

    async attachEvidence(by: string, id: ComplaintId, { kind, text, fileId, callId }: EvidenceGiven, from: string, revision?: number) {
      const complaint = await found(id);
      const file = fileId === undefined ? undefined : await files.byId(fileId);
      if (fileId !== undefined && file?.complaintId !== id) throw noSuchFile();
      if (callId !== undefined && !complaint.callIds.includes(callId))
        throw new CallCentreError('no-such-call', 'That call does not belong to this case.');
      const evidence = { kind, text, ...(file === undefined ? {} : { file: inCase(file) }), ...(callId === undefined ? {} : { callId }) };
      const after = await work.act(by, id, { type: 'attach-evidence', ...evidence }, from, revision);
      if (file !== undefined) await files.named([file.fileId]);
      return after;
    },

    /** A file of a case, for people who may see the case. If it contains a whole number, only for people who may see whole numbers. */
    async readFile(
      principal: Principal,
      id: ComplaintId,
      fileId: string,
      from: string,
    ): Promise<{ readonly file: CaseFile; readonly body: Uint8Array }> {
      const file = await files.byId(fileId);
      if (file?.complaintId !== id) throw noSuchFile();
      const success = !file.whole || mayUse(principal, 'numbers.unmask');
      await audit({ who: principal.userId, what: 'complaint.file-read', object: `${id}/${fileId}`, from, success });
      if (!success) throw new CallCentreError('not-allowed', 'This file shows a full number, which your role does not.');
      return { file, body: await files.read(file) };
    },

    /** Deletes files that never became part of their case. */
    async sweepFiles(): Promise<void> {
      for (const { fileId, complaintId } of await files.unnamed(new Date(now().getTime() - GIVEN_UP_AFTER_MS), SWEPT_AT_ONCE)) {
        const complaint = await complaints.byId(complaintId);
        const named = [
          ...(complaint?.evidence ?? []).flatMap(({ file }) => file ?? []),
          ...(complaint?.letters ?? []).flatMap((l) => l.files),
        ];
        if (named.some((file) => file.fileId === fileId)) await files.named([fileId]);
        else await files.remove(fileId);
      }
    },
  };
}

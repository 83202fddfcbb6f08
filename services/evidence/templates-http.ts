import { speak } from '../shared/domain/language.js';
import type { Document, Letterhead } from '../shared/domain/licence/document.js';
import { templateIds } from '../shared/domain/licence/licence-template.js';
import { handled, route, type Route } from '../shared/platform/http/route.js';
import type { CalendarDate } from '../shared/domain/time/calendar-date.js';
import { templateDocument } from './documents/cases/templates.js';
import { holderOf } from '../shared/domain/licence/licence-file.js';
import type { LicenceFileReader } from './ports.js';

export interface TemplatesHttp {
  readonly licenceFile: LicenceFileReader;
  readonly calendar: { today(): CalendarDate };
  readonly renderDocx: (document: Document, letterhead: Letterhead) => Promise<Uint8Array>;
  readonly version: string;
}

/** Papers to begin with before there is a case. They are the company's own, so they carry no number, version or hash of ours. */
export const createTemplatesHttp = ({ licenceFile, calendar, renderDocx, version }: TemplatesHttp): Route[] => [
  route('GET /evidence/templates', {
    reach: { kind: 'site' },
    async handle({ query: { language } }) {
      const [file, say] = [await licenceFile.read(language), speak(language)];
      return { templates: templateIds.map((id) => ({ id, title: templateDocument(id, { file }, say).title })) };
    },
  }),
  route('GET /evidence/templates/:templateId/document.docx', {
    reach: { kind: 'site' },
    async handle({ params: { templateId }, query: { language }, response }) {
      const file = await licenceFile.read(language);
      const document = templateDocument(templateId, { file }, speak(language));
      const { company, licence } = holderOf(file);
      const letterhead = {
        company,
        licence,
        version,
        date: calendar.today(),
        reference: '',
        language,
        dataSha256: '',
        handedIn: true,
      } as const;
      response
        .attachment(`${document.fileName}.docx`)
        .type('application/vnd.openxmlformats-officedocument.wordprocessingml.document')
        .end(await renderDocx(document, letterhead));
      return handled;
    },
  }),
];

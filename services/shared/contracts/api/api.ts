import { auditApi, type AuditApi } from './audit.js';
import { campaignsApi, type CampaignsApi } from './campaigns.js';
import { callsApi, type CallsApi } from './calls.js';
import { chatApi, type ChatApi } from './chat.js';
import { complaintsApi, type ComplaintsApi } from './complaints.js';
import { customersApi, type CustomersApi } from './customers.js';
import { evidenceApi, type EvidenceApi } from './evidence.js';
import { exportsApi, type ExportsApi } from './exports.js';
import { figuresApi, type FiguresApi } from './figures.js';
import { drillsApi, type DrillsApi } from './drills.js';
import { elementsApi, type ElementsApi } from './elements.js';
import { fraudApi, type FraudApi } from './fraud.js';
import { helpApi, type HelpApi } from './help.js';
import { identityApi, type IdentityApi } from './identity.js';
import { teamsApi, type TeamsApi } from './teams.js';
import { licenceCasesApi, type LicenceCasesApi } from './licence-cases.js';
import { noticesApi, type NoticesApi } from './notices.js';
import { numbersApi, type NumbersApi } from './numbers.js';
import { outboundApi, type OutboundApi } from './outbound.js';
import { packsApi, type PacksApi } from './packs.js';
import { promptsApi, type PromptsApi } from './prompts.js';
import { recordingApi, type RecordingApi } from './recording.js';
import { registryApi, type RegistryApi } from './registry.js';
import { retentionApi, type RetentionApi } from './retention.js';
import { reviewsApi, type ReviewsApi } from './reviews.js';
import { routingApi, type RoutingApi } from './routing.js';
import { satisfactionApi, type SatisfactionApi } from './satisfaction.js';
import { sipTracesApi, type SipTracesApi } from './sip-traces.js';
import { supervisionApi, type SupervisionApi } from './supervision.js';
import { systemApi, type SystemApi } from './system.js';
import { testCallsApi, type TestCallsApi } from './test-calls.js';
import { thresholdsApi, type ThresholdsApi } from './thresholds.js';
import { wallsApi, type WallsApi } from './walls.js';
import { workspaceApi, type WorkspaceApi } from './workspace.js';

/** The HTTP interface: every route by its method and path, under `/api`. */
export interface Api
  extends
    AuditApi,
    CallsApi,
    CampaignsApi,
    ChatApi,
    ComplaintsApi,
    CustomersApi,
    DrillsApi,
    ElementsApi,
    EvidenceApi,
    ExportsApi,
    FiguresApi,
    FraudApi,
    HelpApi,
    IdentityApi,
    TeamsApi,
    LicenceCasesApi,
    NoticesApi,
    NumbersApi,
    OutboundApi,
    PacksApi,
    PromptsApi,
    RecordingApi,
    RegistryApi,
    RetentionApi,
    ReviewsApi,
    RoutingApi,
    SatisfactionApi,
    SipTracesApi,
    SupervisionApi,
    SystemApi,
    TestCallsApi,
    ThresholdsApi,
    WallsApi,
    WorkspaceApi {}

export const api: Api = {
  ...auditApi,
  ...callsApi,
  ...campaignsApi,
  ...chatApi,
  ...complaintsApi,
  ...customersApi,
  ...drillsApi,
  ...evidenceApi,
  ...exportsApi,
  ...figuresApi,
  ...elementsApi,
  ...fraudApi,
  ...helpApi,
  ...identityApi,
  ...teamsApi,
  ...licenceCasesApi,
  ...noticesApi,
  ...numbersApi,
  ...outboundApi,
  ...packsApi,
  ...promptsApi,
  ...recordingApi,
  ...registryApi,
  ...retentionApi,
  ...reviewsApi,
  ...routingApi,
  ...satisfactionApi,
  ...sipTracesApi,
  ...supervisionApi,
  ...systemApi,
  ...testCallsApi,
  ...thresholdsApi,
  ...wallsApi,
  ...workspaceApi,
};

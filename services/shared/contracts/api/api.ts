import { auditApi, type AuditApi } from './evidence/audit.js';
import { campaignsApi, type CampaignsApi } from './calling-out/campaigns.js';
import { callNotesApi, type CallNotesApi } from './calls/call-notes.js';
import { callsApi, type CallsApi } from './calls/calls.js';
import { chatApi, type ChatApi } from './calls/chat.js';
import { complaintsApi, type ComplaintsApi } from './customers/complaints.js';
import { customersApi, type CustomersApi } from './customers/customers.js';
import { evidenceApi, type EvidenceApi } from './evidence/evidence.js';
import { exportsApi, type ExportsApi } from './centre/exports.js';
import { adherenceApi, type AdherenceApi } from './figures/adherence.js';
import { figureRowsApi, type FigureRowsApi } from './figures/rows.js';
import { listFilesApi, type ListFilesApi } from './figures/list-files.js';
import { figuresApi, type FiguresApi } from './figures/figures.js';
import { drillsApi, type DrillsApi } from './evidence/drills.js';
import { elementsApi, type ElementsApi } from './calling-out/elements.js';
import { fraudApi, type FraudApi } from './calling-out/fraud.js';
import { helpApi, type HelpApi } from './calls/help.js';
import { liveQualityApi, type LiveQualityApi } from './calls/live-quality.js';
import { accountImportApi, type AccountImportApi } from './centre/account-imports.js';
import { identityApi, type IdentityApi } from './centre/identity.js';
import { teamsApi, type TeamsApi } from './centre/teams.js';
import { licenceCasesApi, type LicenceCasesApi } from './evidence/licence-cases.js';
import { noticesApi, type NoticesApi } from './centre/notices.js';
import { numbersApi, type NumbersApi } from './calls/numbers.js';
import { outboundApi, type OutboundApi } from './calling-out/outbound.js';
import { packsApi, type PacksApi } from './evidence/packs.js';
import { promptsApi, type PromptsApi } from './calls/prompts.js';
import { recordingApi, type RecordingApi } from './calls/recording.js';
import { registryApi, type RegistryApi } from './evidence/registry.js';
import { retentionApi, type RetentionApi } from './calls/retention.js';
import { reviewsApi, type ReviewsApi } from './centre/reviews.js';
import { agentLimitsApi, type AgentLimitsApi } from './calls/agent-limits.js';
import { routingApi, type RoutingApi } from './calls/routing.js';
import { satisfactionApi, type SatisfactionApi } from './customers/satisfaction.js';
import { sipTracesApi, type SipTracesApi } from './calls/sip-traces.js';
import { supervisionApi, type SupervisionApi } from './calls/supervision.js';
import { systemApi, type SystemApi } from './centre/system.js';
import { testCallsApi, type TestCallsApi } from './evidence/test-calls.js';
import { thresholdsApi, type ThresholdsApi } from './figures/thresholds.js';
import { wallsApi, type WallsApi } from './figures/walls.js';
import { workspaceApi, type WorkspaceApi } from './customers/workspace.js';

/** The HTTP interface: every route by its method and path, under `/api`. */
export interface Api
  extends
    AuditApi,
    CallNotesApi,
    CallsApi,
    CampaignsApi,
    ChatApi,
    ComplaintsApi,
    CustomersApi,
    DrillsApi,
    ElementsApi,
    EvidenceApi,
    ExportsApi,
    AdherenceApi,
    FigureRowsApi,
    FiguresApi,
    ListFilesApi,
    FraudApi,
    HelpApi,
    LiveQualityApi,
    AccountImportApi,
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
    AgentLimitsApi,
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
  ...callNotesApi,
  ...callsApi,
  ...campaignsApi,
  ...chatApi,
  ...complaintsApi,
  ...customersApi,
  ...drillsApi,
  ...evidenceApi,
  ...exportsApi,
  ...adherenceApi,
  ...figureRowsApi,
  ...figuresApi,
  ...listFilesApi,
  ...elementsApi,
  ...fraudApi,
  ...helpApi,
  ...liveQualityApi,
  ...accountImportApi,
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
  ...agentLimitsApi,
  ...satisfactionApi,
  ...sipTracesApi,
  ...supervisionApi,
  ...systemApi,
  ...testCallsApi,
  ...thresholdsApi,
  ...wallsApi,
  ...workspaceApi,
};

import { createNumberStore } from '../calls/index.js';
import { createComplaintWorker } from '../complaints/index.js';
import { createEvidenceWorker } from '../evidence/index.js';
import { createProofCalls } from '../evidence/proof-call/index.js';
import { createMessages, createMessageSender } from '../messages/index.js';
import { createDoNotCall } from '../outbound/index.js';
import { createProofWitnesses, createRecordingHolds, createRecordingKeeper, createRecordingReader } from '../recording/index.js';
import { createLicenceFile, createRegistryWorker, seedRegistryDemo } from '../registry/index.js';
import { createSatisfaction } from '../satisfaction/index.js';
import { numberHasher } from '../shared/platform/number-hash.js';
import { createWorkspace } from '../workspace/index.js';
import type { ComposeRole } from './context.js';
import { createLicenceHolder } from './licence-holder.js';

export const compose: ComposeRole = async (context) => {
  const { config, mongo } = context;
  const hashNumber = numberHasher(config.MASTER_KEY);
  const doNotCall = createDoNotCall({ mongo, hashNumber });
  const messages = createMessages(context);
  return [
    // At start, not at composition: its rows go into the audit chain, which the api role serves by then.
    {
      name: 'demo-registry',
      start: async () => (context.config.DEMO_DATA === 'yes' ? seedRegistryDemo(context) : undefined),
      stop: async () => undefined,
    },
    createComplaintWorker({
      ...context,
      holds: createRecordingHolds(context),
      doNotCall,
      messages,
      licenceHolder: createLicenceHolder(context),
      serviceNumbers: () => createNumberStore(context).numbers(),
      hashNumber,
    }),
    createMessageSender(context),
    createSatisfaction({ ...context, messages, hashNumber, refused: (number) => doNotCall.refused(number) }),
    createWorkspace(context),
    createRegistryWorker(context),
    createEvidenceWorker({ ...context, licenceFile: createLicenceFile(context) }),
    createRecordingKeeper(context),
    createProofCalls({ ...context, recordings: createRecordingReader(context), witnesses: createProofWitnesses(context) }),
  ];
};

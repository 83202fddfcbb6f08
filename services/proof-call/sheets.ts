import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { CallCentreError } from '../shared/domain/failure.js';
import { speak, type Language } from '../shared/domain/language.js';
import { localDate } from '../shared/domain/time/local-time.js';
import { renderPdf } from '../shared/platform/paper/pdf-renderer.js';
import type { Service } from '../shared/platform/processes/service.js';
import { systemClock } from '../shared/platform/processes/system-clock.js';
import type { Config } from '../shared/platform/settings/config.js';
import { productVersion } from '../shared/platform/settings/product-version.js';
import type { ProofStore, SheetHolder, SheetSigner } from './ports.js';
import { proofSheet, proofStatement } from './proof-sheet.js';

export interface SheetNeeds {
  readonly config: Pick<Config, 'SITE_TIME_ZONE'>;
  readonly commands: CommandBus;
  readonly proofs: Pick<ProofStore, 'one'>;
  readonly openSigner: () => Promise<SheetSigner>;
  readonly holder: SheetHolder;
  readonly sha256Hex: (text: string) => string;
}

/** Makes the sheet of a test call when it is asked for: the statement, its signature, and both on paper. */
export function serveSheets({ config, commands, proofs, openSigner, holder, sha256Hex }: SheetNeeds): Service {
  const zone = config.SITE_TIME_ZONE;
  const version = productVersion();
  let stop: () => Promise<void> = async () => undefined;

  async function sheetOf(proofId: string, language: Language) {
    const proof = await proofs.one(proofId);
    if (proof === undefined) throw new CallCentreError('not-found', 'There is no such proof call.');
    const signer = await openSigner();
    const statement = proofStatement(proof);
    const signature = signer.sign(statement);
    const statementSha256 = sha256Hex(statement);
    const pdf = await renderPdf(proofSheet(proof, { statementSha256, signature, fingerprint: signer.fingerprint }, zone, speak(language)), {
      ...(await holder(language)),
      ...{ version, language, reference: proofId, dataSha256: statementSha256 },
      date: localDate(systemClock.nowMs(), zone),
    });
    return { pdfBase64: Buffer.from(pdf).toString('base64'), statement, signature, publicKey: signer.publicKey };
  }

  return {
    name: 'proof-sheets',
    async start() {
      stop = await commands.serve({ 'proof.sheet': ({ proofId, language }) => sheetOf(proofId, language) });
    },
    stop: () => stop(),
  };
}

import { createSealedShelf, readSealed } from '../../../services/recording/archive/adapters/call-folder.js';
import { Archiver } from '../../../services/recording/archive/archiver.js';
import { FinishingQueue } from '../../../services/recording/archive/finishing.js';
import { RecorderService } from '../../../services/recording/capture/recorder-service.js';
import type { Process } from '../scheduler.js';
import { silentEncoding } from '../models/archive.js';
import type { World } from '../world.js';
import { Role } from './role.js';
import { simulatedLog } from './simulated-log.js';

/** The recorder and the process that finishes ended calls, which ends with it: one process here. */
export class RecorderRole extends Role {
  #end: (() => Promise<void>) | undefined;

  constructor(world: World) {
    super('recorder', world, 500);
  }

  protected async begin(process: Process): Promise<void> {
    const { world } = this;
    const { archive, sound } = world;
    const log = simulatedLog(world, process);
    const bus = world.bus.of(process);
    const spool = archive.spool(process);
    const captures = sound.captures(process);
    const startedMs = process.clock.nowMs();
    const steadyMs = (): number => process.clock.nowMs() - startedMs;
    const { waiting, failing } = { waiting: new Set<string>(), failing: { count: 0 } };
    const queue = new FinishingQueue({
      spool,
      captures,
      bus,
      log,
      readSealed,
      clock: process.clock,
      encoding: () => silentEncoding,
      shelf: (callId) => createSealedShelf(spool, callId),
      archiver: new Archiver({ ...archive.stores(process), bus, log }),
      done: (callId) => waiting.delete(callId),
      failing: (count) => (failing.count = count),
    });
    const service = new RecorderService({
      spool,
      captures,
      bus,
      log,
      commands: world.commands.of(process),
      taps: sound.taps(process),
      copies: sound.copies(process),
      ledger: archive.ledger(process),
      calls: archive.stores(process).calls,
      finishing: {
        finish: (callId) => {
          waiting.add(callId);
          queue.finish(callId);
        },
        advance: (calls) => queue.advance(calls),
        status: () => ({ waiting: waiting.size, failing: failing.count }),
      },
      clock: { steadyMs, wallMs: process.clock.nowMs, every: process.clock.every },
      // No port is given out twice here, so a packet of another copy is a fault of the recorder.
      strange: { seen: (callId) => world.fail('account', `a packet of another copy came to the recording of ${callId}`, [callId]) },
      alarmFreeBytes: 1,
      refuseFreeBytes: 1,
    });
    this.#end = async () => {
      await queue.stop();
      await service.stop();
    };
    await service.start();
  }

  /** Its machine dies and takes the disk with it: the recorder of the other machine has the role. */
  machineDies(): void {
    if (!this.alive) return;
    this.kill();
    this.world.archive.machineDied();
    this.world.sound.recordersMachineDied();
  }

  protected override end(): Promise<void> {
    return this.#end?.() ?? Promise.resolve();
  }

  protected override died(): void {
    this.#end = undefined;
    this.world.archive.recorderDied();
    this.world.sound.recorderDied();
  }
}

/** libopus as WebAssembly. The package declares types only for its other entry. */
declare module '@evan/opus/wasm/index.mjs' {
  export class Encoder {
    constructor(options: {
      readonly channels: 1 | 2;
      readonly sample_rate: 8_000 | 12_000 | 16_000 | 24_000 | 48_000;
      readonly application: 'voip' | 'audio' | 'restricted_lowdelay';
    });
    /** Sets with a value, reads without (opus_defines.h). @throws Error when libopus refuses */
    ctl(request: number, value?: number): number;
    /** One packet of 16-bit samples, interleaved. @throws Error when libopus refuses */
    encode(samples: Int16Array): Uint8Array;
    /** Frees its memory. */
    drop(): void;
  }
}

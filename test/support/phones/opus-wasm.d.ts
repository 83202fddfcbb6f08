/** The part of the package that tests use; its own types describe only the entry that may load a native module. */
declare module '@evan/opus/wasm/index.mjs' {
  interface Options {
    readonly channels: 1 | 2;
    readonly sample_rate: 8_000 | 12_000 | 16_000 | 24_000 | 48_000;
  }
  export class Encoder {
    constructor(options: Options & { readonly application: 'voip' | 'audio' | 'restricted_lowdelay' });
    encode(samples: Int16Array): Uint8Array;
  }
  export class Decoder {
    constructor(options: Options);
    /** Samples of 16 bits, as bytes. */
    decode(packet: Uint8Array): Uint8Array;
  }
}

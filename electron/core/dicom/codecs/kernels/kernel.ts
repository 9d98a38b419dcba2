/**
 * A kernel at run time: one instance of its WebAssembly with a memory of its own, in which each call lays out what it needs anew.
 * Kernels (the .as files) are AssemblyScript because these loops run there twice as fast as in JavaScript, as fast as compiled C++.
 */
import { kernelsData } from './kernels-data.ts';

const pageBytes = 65_536;
/** An instance whose memory has grown past this is let go after the call: memory of WebAssembly never shrinks. */
const keptBytes = 64 * 2 ** 20;

/** A number that the kernel exports. */
export interface KernelNumber {
  readonly value: number;
}

export interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /** The first byte that the kernel's own constants do not take. */
  readonly room: KernelNumber;
}

/** What is used of WebAssembly. Its types come with those of a browser, which this part of the program must not see. */
const { Module, Instance } = (globalThis as unknown as {
  readonly WebAssembly: { readonly Module: new (bytes: Uint8Array) => object; readonly Instance: new (module: object) => { readonly exports: unknown } };
}).WebAssembly;

export interface Kernel<Exports extends KernelExports> {
  /**
   * Gives `use` the kernel with room for these many bytes at each of the places, which begin at addresses divisible by 16.
   * What lies there is left over from the call before.
   */
  with<Result>(sizes: readonly number[], use: (kernel: Exports, memory: Uint8Array, places: readonly number[]) => Result): Result;
}

export function kernel<Exports extends KernelExports>(name: keyof typeof kernelsData): Kernel<Exports> {
  let module: object | undefined;
  let instance: Exports | undefined;
  return {
    with(sizes, use) {
      module ??= new Module(Buffer.from(kernelsData[name], 'base64'));
      const exports = (instance ??= new Instance(module).exports as Exports);
      let end = exports.room.value;
      const places = sizes.map((size) => {
        const place = Math.ceil(end / 16) * 16;
        end = place + size;
        return place;
      });
      const missing = Math.ceil((end - exports.memory.buffer.byteLength) / pageBytes);
      // A RangeError where the machine has no more: the caller's refusal says so.
      if (missing > 0) exports.memory.grow(missing);
      try {
        return use(exports, new Uint8Array(exports.memory.buffer), places);
      } finally {
        if (exports.memory.buffer.byteLength > keptBytes) instance = undefined;
      }
    },
  };
}

/** Archives made byte by byte, so that tests can make such as no program would. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipMember {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Deflated unless it says stored; another number is written as it is. */
  readonly method?: number;
  readonly encrypted?: boolean;
  /** Sizes and place in the zip64 extra field (APPNOTE 4.5.3). */
  readonly zip64?: boolean;
  /** Unix mode in the upper half of the external attributes. */
  readonly mode?: number;
  /** What the headers say instead of the truth. */
  readonly saysBytes?: number;
}

function numbers(parts: readonly (readonly [value: number | bigint, bytes: 2 | 4 | 8])[]): Buffer {
  return Buffer.concat(parts.map(([value, size]) => {
    const part = Buffer.alloc(size);
    if (size === 8) part.writeBigUInt64LE(BigInt(value));
    else part.writeUIntLE(Number(value), 0, size);
    return part;
  }));
}

export function zipFile(members: readonly ZipMember[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const member of members) {
    const name = Buffer.from(member.name, 'utf8');
    const method = member.method ?? 8;
    const data = method === 8 ? deflateRawSync(member.bytes) : Buffer.from(member.bytes);
    const size = member.saysBytes ?? member.bytes.byteLength;
    const flags = 0x800 | (member.encrypted === true ? 1 : 0);
    const common = [[flags, 2], [method, 2], [0, 2], [33, 2], [(crc32 as (bytes: Uint8Array) => number)(member.bytes), 4]] as const;
    const zip64 = member.zip64 === true;
    const sizes = zip64 ? ([[0xffffffff, 4], [0xffffffff, 4]] as const) : ([[data.length, 4], [size, 4]] as const);
    const localExtra = zip64 ? numbers([[1, 2], [16, 2], [size, 8], [data.length, 8]]) : Buffer.alloc(0);
    const local = Buffer.concat([numbers([[0x04034b50, 4], [45, 2], ...common, ...sizes, [name.length, 2], [localExtra.length, 2]]), name, localExtra, data]);
    const extra = zip64 ? numbers([[1, 2], [24, 2], [size, 8], [data.length, 8], [at, 8]]) : Buffer.alloc(0);
    directory.push(Buffer.concat([
      numbers([[0x02014b50, 4], [0x032d, 2], [45, 2], ...common, ...sizes, [name.length, 2], [extra.length, 2], [0, 2], [0, 2], [0, 2], [((member.mode ?? 0o100644) << 16) >>> 0, 4], [zip64 ? 0xffffffff : at, 4]]),
      name, extra,
    ]));
    files.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  return Buffer.concat([...files, central, numbers([[0x06054b50, 4], [0, 2], [0, 2], [members.length, 2], [members.length, 2], [central.length, 4], [at, 4], [0, 2]])]);
}

export interface TarMember {
  readonly name: string;
  readonly bytes?: Uint8Array;
  /** `0` file, `1` and `2` links, `3` device, `5` folder. */
  readonly type?: string;
  readonly saysBytes?: number;
  readonly linkTo?: string;
}

export function tarFile(members: readonly TarMember[], ended = true): Buffer {
  const blocks = members.flatMap((member) => {
    const bytes = member.bytes ?? new Uint8Array();
    const header = Buffer.alloc(512);
    header.write(member.name, 0, 100, 'utf8');
    header.write('0000644\0', 100);
    header.write('0000000\0', 108);
    header.write('0000000\0', 116);
    header.write(`${(member.saysBytes ?? bytes.byteLength).toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\0', 136);
    header.write('        ', 148);
    header.write(member.type ?? '0', 156);
    header.write(member.linkTo ?? '', 157, 100, 'utf8');
    header.write('ustar\x0000', 257, 'latin1');
    header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148);
    return [header, Buffer.from(bytes), Buffer.alloc((512 - (bytes.byteLength % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(ended ? 1024 : 0)]);
}

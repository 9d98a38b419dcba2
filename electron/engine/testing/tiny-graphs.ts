/**
 * Tiny graphs that speak the bundled packages' tensor names, so that the engine is tested without trained weights. Made by Python's onnx
 * (opset 17, IR 8); weights are int8 round(63 · sin(rate · n)) scaled by 1/256 inside the graph.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

const base64 = {
  /** `image`, `modality` → `upscaled`, ×2, receptive field 3: Conv 3×3 1 → 6, ReLU, Conv 5×5 6 → 4, DepthToSpace, plus modality. */
  upscaler: [
    'CAg69ggKGQoCdzgSAndmIgRDYXN0KgkKAnRvGAGgAQIKDwoCd2YKAXESAXciA011bAoZCgJ2OBICdmYiBENhc3QqCQoCdG8YAaABAgoPCgJ2ZgoBcRIBdiIDTXVsCiYKBWltYWdlCgF3EgFoIgRDb2',
    '52KhEKBHBhZHNAAUABQAFAAaABBwoMCgFoEgFrIgRSZWx1CiIKAWsKAXYSAWciBENvbnYqEQoEcGFkc0ACQAJAAkACoAEHCjYKAWcSAWQiDERlcHRoVG9TcGFjZSoQCglibG9ja3NpemUYAqABAioO',
    'CgRtb2RlIgNDUkSgAQMKGQoIbW9kYWxpdHkKAXMSAW0iB1Jlc2hhcGUKFQoBZAoBbRIIdXBzY2FsZWQiA0FkZBIIdXBzY2FsZXIqCxABQgFxSgQAAIA7KkYIBggBCAMIAxADQgJ3OEo2PvDGHzLU2T',
    'YZw/c/+cMXN9vSMSHH7T4DwQ4748wqKcvlPAzBBD7sxyMw0d04FcL7P/XEGzXYKukECAQIBggFCAUQA0ICdjhK2AQvwSQOyTvo5T3LCifBLATPPt/uOcYVH8Mz+dY/1vkzwx4Vxjnv3j7PAy3BJwvL',
    'POXoPMkOJcEvANE/3PI3xRgcwzX22D/U/DLCIRLHOuzhPs0HKsEqCMw94us6xxEiwjH90z/Z9TbEGxnEN/PbP9H/L8EkD8k76eQ9ywoowSwEzj7f7jnGFB/CM/rVP9f4NMMeFsU4794+zwMtwScLyj',
    'zm5zzJDSXBLgHQPtzxOMUXHMM199g/1PsywiETxzrs4T7NBivBKQjMPePqO8gQI8Iw/tM/2vQ2xBoZxDbz2j/S/zDCIw/IO+njPcsJKMEsBc4+4O05xhMgwjP61T/X9zTDHRbFOPDdPtACLsEmDMo8',
    '5uY8ygwmwS4C0D7d8DjFFx3DNPfXP9X7MsIgE8Y57eA+zgUrwSkJzD3j6TvIECPCMP7SP9r0NsQaGsQ29No/0v4wwiMQyDvq4z3MCSnBKwbNPuDtOscTIMIy+9Q/2Pc1wx0XxTjx3T7QAS7BJQ3JPO',
    'fmPMoMJsEtAs8+3fA4xRYdwzT41z/V+jPCHxTGOe7fPs4FLMEoCss95Ok7yA8kwjD/0j/b8zfEGRvENvXZP9P9McIiEcg76uI9zAgpwSsGzT7h7DrHEiHCMvzUP9j2NcMcF8U38dw/0QEvwSUNyTzn',
    '5TzKCyfBLQPPPt7vOcYVHsM0+NY/1vkzwh8Uxjnu3z7PBCzBKArLPeToO8kOJMEvANE/2/I3xBgbxDX12T/T/THCIhHHOuviPc0HKsEqB8094es6xxIhwjH80z/Z9TXDGxjFN/LcP9EqKQgEEAdCAX',
    'NKIP//////////AQAAAAAAAAABAAAAAAAAAAEAAAAAAAAAWiIKBWltYWdlEhkKFwgBEhMKAxIBYgoCCAEKAxIBcgoDEgFjWhcKCG1vZGFsaXR5EgsKCQgBEgUKAxIBYmIlCgh1cHNjYWxlZBIZChcI',
    'ARITCgMSAWIKAggBCgMSAVIKAxIBQ0IECgAQEQ==',
  ].join(''),
  /** The upscaler's names; asks for 2⁴⁸ bytes, which no address space has. */
  greedy: [
    'CAg6rgIKFQoFaW1hZ2UKAXMSAWUiBkV4cGFuZAoiCgFlEgF4IglSZWR1Y2VNYXgqDwoIa2VlcGRpbXMYAaABAgoZCghtb2RhbGl0eQoBdBIBbSIHUmVzaGFwZQoVCgF4CgFtEgh1cHNjYWxlZCIDQW',
    'RkEgZncmVlZHkqKQgEEAdCAXNKIAEAAAAAAAAAAQAAAAAAAAABAAAAAAAAAAAAAAAAQAAAKikIBBAHQgF0SiD//////////wEAAAAAAAAAAQAAAAAAAAABAAAAAAAAAFohCgVpbWFnZRIYChYIARIS',
    'CgMSAWIKAggBCgMSAXIKAggBWhcKCG1vZGFsaXR5EgsKCQgBEgUKAxIBYmIlCgh1cHNjYWxlZBIZChcIARITCgMSAWIKAggBCgMSAVIKAxIBQ0IECgAQEQ==',
  ].join(''),
  /** `sample` [b,2,8,8], `timestep`, `class` → `prediction` = tanh(Conv 3×3(sample)) · sin(class + timestep/1000). */
  denoiser: [
    'CAg69wMKGQoCdzgSAndmIgRDYXN0KgkKAnRvGAGgAQIKDwoCd2YKAXESAXciA011bAonCgZzYW1wbGUKAXcSAWgiBENvbnYqEQoEcGFkc0ABQAFAAUABoAEHCgwKAWgSAWsiBFRhbmgKGwoFY2xhc3',
    'MSAWMiBENhc3QqCQoCdG8YAaABAgocCgh0aW1lc3RlcAoIdGhvdXNhbmQSAXUiA0RpdgoPCgFjCgF1EgJjdSIDQWRkChQKAmN1CgFzEgJjcyIHUmVzaGFwZQoOCgJjcxIDc2luIgNTaW4KGQoBawoD',
    'c2luEgpwcmVkaWN0aW9uIgNNdWwSCGRlbm9pc2VyKgsQAUIBcUoEAACAOyo0CAIIAggDCAMQA0ICdzhKJDgz9sTUFD4l48HkJT4T08T3Mzj/yM0KPCzswtwdPxzawu0tPCoUCAEQAUIIdGhvdXNhbm',
    'RKBAAAekQqKQgEEAdCAXNKIP//////////AQAAAAAAAAABAAAAAAAAAAEAAAAAAAAAWiEKBnNhbXBsZRIXChUIARIRCgMSAWIKAggCCgIICAoCCAhaFwoIdGltZXN0ZXASCwoJCAESBQoDEgFiWhQK',
    'BWNsYXNzEgsKCQgHEgUKAxIBYmIlCgpwcmVkaWN0aW9uEhcKFQgBEhEKAxIBYgoCCAIKAggICgIICEIECgAQEQ==',
  ].join(''),
  /** `latent` [b,2,8,8] → `image` [b,1,16,16]: Conv 3×3 2 → 4, DepthToSpace; not clamped. */
  decoder: [
    'CAg6xgIKGQoCdzgSAndmIgRDYXN0KgkKAnRvGAGgAQIKDwoCd2YKAXESAXciA011bAonCgZsYXRlbnQKAXcSAWgiBENvbnYqEQoEcGFkc0ABQAFAAUABoAEHCjoKAWgSBWltYWdlIgxEZXB0aFRvU3',
    'BhY2UqEAoJYmxvY2tzaXplGAKgAQIqDgoEbW9kZSIDQ1JEoAEDEgdkZWNvZGVyKgsQAUIBcUoEAACAOypYCAQIAggDCAMQA0ICdzhKSDzZ3T37xiofwgk40uY/8soxFsETM8zuP+nQNg3BGy3I+D7g',
    '1zoEwyQmxAE72d49+scrHsILN9LnP/HLMRXBFDLM8D/o0TcMwlohCgZsYXRlbnQSFwoVCAESEQoDEgFiCgIIAgoCCAgKAggIYiAKBWltYWdlEhcKFQgBEhEKAxIBYgoCCAEKAggQCgIIEEIECgAQEQ',
    '==',
  ].join(''),
} as const;

export type TinyGraph = keyof typeof base64;

/** Writes a graph into a folder and names it as the engine wants it named. */
export function writeTinyGraph(dir: string, name: TinyGraph): { path: string; sha256: string } {
  const bytes = Buffer.from(base64[name], 'base64');
  const file = path.join(dir, `${name}.onnx`);
  writeFileSync(file, bytes);
  return { path: file, sha256: createHash('sha256').update(bytes).digest('hex') };
}

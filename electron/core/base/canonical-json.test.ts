import { describe, expect, it } from 'vitest';
import { canonicalJson, Json } from './canonical-json.ts';

describe('canonicalJson', () => {
  it('writes one text whatever the order of keys was', () => {
    expect(canonicalJson({ b: 1, a: [true, null, 'x'], A: { z: 0, y: -0 } })).toBe('{"A":{"y":0,"z":0},"a":[true,null,"x"],"b":1}');
  });
  it('orders keys by UTF-16 code units, as RFC 8785 section 3.2.3 has it', () => {
    expect(canonicalJson({ '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 })).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}');
  });
  it('writes numbers as ECMAScript does', () => {
    expect(canonicalJson([1e21, 1e-7, 0.1 + 0.2, 333333333.33333329])).toBe('[1e+21,1e-7,0.30000000000000004,333333333.3333333]');
  });
  it('leaves out what is undefined and refuses what JSON cannot hold', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
    for (const bad of [NaN, Infinity, 1n, () => 1, new Date(0), new Float32Array(2), '\ud800']) expect(() => canonicalJson({ bad })).toThrow(TypeError);
  });
  it('parses JSON and nothing else', () => {
    expect(Json.safeParse({ a: [1, 'x', null, { b: false }] }).success).toBe(true);
    expect(Json.safeParse({ a: undefined }).success).toBe(false);
    expect(Json.safeParse(new Date(0)).success).toBe(false);
  });
});

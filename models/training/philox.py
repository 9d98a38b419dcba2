"""Philox 4x32-10 (Salmon et al., SC 2011) and the normal numbers that the program makes with it.

key = (seed, item) as two uint32; counter = (block, 0, 0, 0). Each block gives four uint32 x; u = (x + 0.5) / 2^32 in
float64; the pairs (u0, u1) and (u2, u3) become sqrt(-2 ln u0) cos(2 pi u1) and sqrt(-2 ln u0) sin(2 pi u1) (Box-Muller),
rounded to float32. The values fill a tensor in row-major order. Run this file to check it against the published vectors.
"""
import numpy as np

M0, M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
W0, W1 = 0x9E3779B9, 0xBB67AE85
LOW, SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32)

# Known answers of Random123 (kat_vectors): counter, key, result.
KNOWN = (
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0), (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)),
)


def philox(counter, key):
    """uint32 [n,4] counters and two key words -> uint32 [n,4], ten rounds."""
    c = [np.asarray(counter)[:, i].astype(np.uint64) for i in range(4)]
    k0, k1 = int(key[0]), int(key[1])
    for _ in range(10):
        p0, p1 = M0 * c[0], M1 * c[2]
        c = [(p1 >> SHIFT) ^ c[1] ^ np.uint64(k0), p1 & LOW, (p0 >> SHIFT) ^ c[3] ^ np.uint64(k1), p0 & LOW]
        k0, k1 = (k0 + W0) & 0xFFFFFFFF, (k1 + W1) & 0xFFFFFFFF
    return np.stack(c, 1).astype(np.uint32)


def normal(seed, item, count):
    """float32 [count] standard normal values of one item."""
    blocks = -(-count // 4)
    counter = np.zeros((blocks, 4), np.uint32)
    counter[:, 0] = np.arange(blocks)
    u = (philox(counter, (seed, item)).astype(np.float64) + 0.5) / 2.0**32
    radius, angle = np.sqrt(-2 * np.log(u[:, 0::2])), 2 * np.pi * u[:, 1::2]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], 2).reshape(-1)[:count].astype(np.float32)


def test():
    for counter, key, want in KNOWN:
        got = philox(np.array([counter], np.uint32), key)[0]
        assert tuple(int(v) for v in got) == want, [hex(int(v)) for v in got]
    x = normal(1, 0, 1 << 20)
    assert abs(x.mean()) < 0.005 and abs(x.std() - 1) < 0.005
    assert (normal(1, 0, 10) == x[:10]).all() and (normal(1, 1, 10) != x[:10]).all()


if __name__ == "__main__":
    test()
    print("philox: published vectors and moments agree")

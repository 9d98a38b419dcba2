"""Figures of the synthesis package: KID in two frozen feature sets, read-back by a classifier, copies, diversity.

D = KID(synthetic, val) - KID(train, val), unbiased, cubic kernel on standardised features. The null says how much as
many training patients as val has (same number per class) differ from the other training patients: 200 draws; D passes
at no more than twice the sd of the null. The interval of D is over 200 bootstrap draws of val patients.
Features: (a) the pooled layer of classifier.py, (b) a fixed random convolution (never trained, seed 0), which also
sees blur and averages of two images. Copies: distance (root mean square at 64 x 64, the mirrored image too) to the nearest
training image, beside that between training images of different patients.
"""
import argparse
import json

import numpy as np
import torch
import torch.nn.functional as F

from classifier import load_classifier
from data import BRAIN_CLASSES, load_brain


def random_features(images, seed=0):
    """Three random convolutions with ReLU; mean and standard deviation on a 4 x 4 grid of each, [n, 2 * 16 * 24 * 3]."""
    g = torch.Generator().manual_seed(seed)
    x, out, cin = images, [], 1
    for _ in range(3):
        w = torch.randn(24, cin, 5, 5, generator=g)
        w = w - w.mean((1, 2, 3), keepdim=True)
        w = w / w.flatten(1).norm(dim=1).reshape(-1, 1, 1, 1)
        x = F.relu(F.conv2d(x, w, padding=2, stride=1 if cin == 1 else 2))
        mean = F.adaptive_avg_pool2d(x, 4)
        sd = (F.adaptive_avg_pool2d(x**2, 4) - mean**2).clamp(min=0).sqrt()
        out += [mean.flatten(1), sd.flatten(1)]
        cin = 24
    return torch.cat(out, 1)


def batched(f, images):
    with torch.no_grad():
        x = torch.from_numpy(images)[:, None]
        return torch.cat([f(x[i : i + 64]) for i in range(0, len(x), 64)]).double().numpy()


def kid(x, y):
    """Unbiased squared MMD with the kernel (x.y / d + 1)^3; may be negative."""
    k = lambda a, b: (a @ b.T / a.shape[1] + 1) ** 3
    xx, yy, n, m = k(x, x), k(y, y), len(x), len(y)
    return (xx.sum() - np.trace(xx)) / (n * (n - 1)) + (yy.sum() - np.trace(yy)) / (m * (m - 1)) - 2 * k(x, y).mean()


def kid_figures(train, val, made, train_patients, train_labels, val_patients, val_labels, draws=200):
    """train, val, made: features [n,d]."""
    mean, sd = train.mean(0), train.std(0) + 1e-9
    train, val, made = (train - mean) / sd, (val - mean) / sd, (made - mean) / sd
    rng = np.random.default_rng(0)
    groups = lambda p, l: [[g for g in np.unique(p) if l[p == g][0] == c] for c in range(3)]
    want, pool, null = [len(g) for g in groups(val_patients, val_labels)], groups(train_patients, train_labels), []
    for _ in range(draws):
        taken = np.concatenate([rng.choice(g, n, replace=False) for g, n in zip(pool, want)])
        mask = np.isin(train_patients, taken)
        null.append(kid(train[mask], train[~mask]))
    d, boot, all_val = kid(made, val) - kid(train, val), [], np.unique(val_patients)
    for _ in range(draws):
        rows = np.concatenate([np.flatnonzero(val_patients == g) for g in rng.choice(all_val, len(all_val))])
        boot.append(kid(made, val[rows]) - kid(train, val[rows]))
    return {"kidSyntheticVal": kid(made, val), "kidTrainVal": kid(train, val), "kidSyntheticTrain": kid(made, train), "D": d,
            "interval": [float(np.percentile(boot, 2.5)), float(np.percentile(boot, 97.5))],
            "nullMean": float(np.mean(null)), "nullSd": float(np.std(null)), "passes": bool(d <= 2 * np.std(null))}


def small(images):
    """[n,128,128] -> [n,4096] at 64 x 64, mean removed from nothing: brightness counts."""
    n = len(images)
    return images.reshape(n, 64, 2, 64, 2).mean((2, 4)).reshape(n, -1).astype(np.float64)


def distances(a, b):
    """Root mean square between rows of a and of b, the smaller of b and b mirrored."""
    mirrored = b.reshape(-1, 64, 64)[:, :, ::-1].reshape(len(b), -1)
    square = lambda p: np.maximum((a**2).sum(1)[:, None] + (p**2).sum(1)[None] - 2 * a @ p.T, 0)
    return np.sqrt(np.minimum(square(b), square(mirrored)) / a.shape[1])


def wilson(k, n, z=1.96):
    p, q = k / n, z * z / n
    mid, half = (p + q / 2) / (1 + q), z * np.sqrt(p * (1 - p) / n + q / (4 * n)) / (1 + q)
    return [float(mid - half), float(mid + half)]


def read_back(model, images, labels):
    """Share of images that the classifier reads as the class that was asked for."""
    guess = batched(lambda x: model(x), images).argmax(1)
    out = {"all": {"value": float((guess == labels).mean()), "n": len(labels), "interval": wilson((guess == labels).sum(), len(labels))}}
    for i, c in enumerate(BRAIN_CLASSES):
        m = labels == i
        out[c] = {"value": float((guess[m] == i).mean()), "n": int(m.sum()), "interval": wilson((guess[m] == i).sum(), m.sum())}
    return out


def load_samples(paths):
    parts = [np.load(p) for p in paths]
    order = np.argsort(np.concatenate([p["items"] for p in parts]))
    get = lambda k: np.concatenate([p[k] for p in parts])[order]
    return get("images").astype(np.float32) / 255, get("labels"), {k: float(parts[0][k]) for k in ("seed", "steps", "guidance")}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True)
    p.add_argument("--classifier", required=True)
    p.add_argument("--samples", nargs="+", required=True)
    p.add_argument("--reference", default="val", choices=["val", "train"], help="train: for choosing settings without touching val")
    p.add_argument("--out", required=True)
    a = p.parse_args()
    made, made_labels, settings = load_samples(a.samples)
    train, train_labels, train_patients, _ = load_brain(a.data, "train")
    model = load_classifier(a.classifier)
    sets = {"classifier": model.features, "random": random_features}
    result = {"settings": settings, "n": np.bincount(made_labels, minlength=3).tolist(), "readBack": {"synthetic": read_back(model, made, made_labels)}}
    if a.reference == "train":
        for name, f in sets.items():
            ft, fm = batched(f, train), batched(f, made)
            result[name] = {"kidSyntheticTrain": kid((fm - ft.mean(0)) / (ft.std(0) + 1e-9), (ft - ft.mean(0)) / (ft.std(0) + 1e-9))}
    else:
        val, val_labels, val_patients, _ = load_brain(a.data, "val")
        result["readBack"]["realVal"] = read_back(model, val, val_labels)
        for name, f in sets.items():
            result[name] = kid_figures(batched(f, train), batched(f, val), batched(f, made), train_patients, train_labels, val_patients, val_labels)
        result["valToTrain"] = np.percentile(distances(small(val), small(train)).min(1), [5, 50]).tolist()
    t, m = small(train), small(made)
    between = distances(t, t)
    between[train_patients[:, None] == train_patients[None]] = np.inf
    near, base = distances(m, t).min(1), between.min(1)
    result["copies"] = {"medianRatio": float(np.median(near) / np.median(base)), "p5Ratio": float(np.percentile(near, 5) / np.percentile(base, 5)),
                        "samples": np.percentile(near, [5, 50]).tolist(), "patients": np.percentile(base, [5, 50]).tolist(),
                        "closerThanAnyTwoPatients": int((near < base.min()).sum()), "smallest": float(near.min()), "smallestBetweenPatients": float(base.min())}
    spread = lambda x, y: float(np.mean([distances(x[y == c][:120], x[y == c][:120])[np.triu_indices(min(120, (y == c).sum()), 1)].mean() for c in range(3)]))
    result["diversity"] = {"synthetic": spread(m, made_labels), "train": spread(t, train_labels)}
    with open(a.out, "w") as f:
        json.dump(result, f, indent=1)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()

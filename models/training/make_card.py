"""Measured JSON -> CARD.md and the figures of manifest.json. Every number in a card comes from a file, none from a hand.

  python make_card.py upscale    --package ../sr-gan-x2 --measured sr.json --speed speed.json
  python make_card.py synthesize --package ../brain-t1c-diffusion --measured brain.json --speed speed.json

Words that judge the pictures are in card_words.py, beside the sources and licences.
"""
import argparse
import json
import os

import card_words as words

NAMES = {"bicubic": "bicubic (Keys a = -0.5)", "lanczos3": "Lanczos3", "zero-filling": "zero filling (k-space)", "l1": "L1-trained twin", "gan": "**GAN (shipped)**"}
SR_METHOD = "measure_sr.py, x2: MR k-space crop with half-pixel phase, CT 2 x 2 mean + N(0, 5 HU); 2 px border dropped; R = 99.5th percentile (MR), 4095 HU (CT); mean over slices, then volumes; interval: bootstrap of volumes"


def load(path):
    with open(path) as f:
        return json.load(f)


def span(interval, digits=2, sign=False):
    f = f"{{:+.{digits}f}}" if sign else f"{{:.{digits}f}}"
    return f"{f.format(interval[0])} to {f.format(interval[1])}"


def figure(name, value, interval, method, data, split, modality=None):
    out = {"name": name, "value": round(value, 6), "interval": [round(v, 6) for v in interval] if interval else None, "method": method, "data": data, "split": split}
    return {**out, "modality": modality} if modality else out


def upscale(manifest, m, speed):
    figures, lines = [], []
    for modality in ("CT", "MR"):
        s = {k: m["summary"][f"{modality}/{k}"] for k in NAMES if f"{modality}/{k}" in m["summary"]}
        n = s["gan"]["psnr"]["volumes"]
        extra = modality == "CT"
        lines += [f"### {modality}, {n} volumes of `val`", "",
                  "| method | PSNR dB | gain over bicubic dB (interval) | worst volume dB | SSIM |" + (" PSNR dB, window -160..240 HU |" if extra else "") + " fine detail (interval) | mean gradient |",
                  "|---|---|---|---|---|" + ("---|" if extra else "") + "---|---|"]
        for k, v in s.items():
            lines.append(f"| {NAMES[k]} | {v['psnr']['mean']:.2f} | {v['gain_psnr']['mean']:+.2f} ({span(v['gain_psnr']['interval'], 2, True)}) | {v['worst_gain_psnr']:+.2f} | {v['ssim']['mean']:.4f} |"
                         + (f" {v['psnr_w']['mean']:.2f} ({v['gain_psnr_w']['mean']:+.2f}) |" if extra else "") + f" {v['highBand']['mean']:.2f} ({span(v['highBand']['interval'])}) | {v['gradient']['mean']:.3f} |")
        lines += ["", "Per volume, PSNR dB / SSIM:", "", "| volume | " + " | ".join(NAMES[k] for k in s) + " |", "|---" * (len(s) + 1) + "|"]
        per = {k: m["per_volume"][f"{modality}/{k}"] for k in s}
        for volume in per["gan"]:
            lines.append(f"| {volume} | " + " | ".join(f"{per[k][volume]['psnr']:.2f} / {per[k][volume]['ssim']:.4f}" for k in s) + " |")
        lines.append("")
        unit = 4095 if modality == "CT" else 1
        lines += [f"Degrading the output again and comparing with the input: root mean square {s['gan']['consistency']['mean'] * unit:.{2 if extra else 4}f} {'HU' if extra else 'of p99.5'} "
                  f"(bicubic {s['bicubic']['consistency']['mean'] * unit:.{2 if extra else 4}f}).", ""]
        data = f"volumes, {n} {modality} volumes"
        g, l = s["gan"], s["l1"]
        figures += [
            figure("psnrGainOverBicubicDb", g["gain_psnr"]["mean"], g["gain_psnr"]["interval"], SR_METHOD, data, "val", modality),
            figure("psnrDb", g["psnr"]["mean"], g["psnr"]["interval"], SR_METHOD, data, "val", modality),
            figure("ssim", g["ssim"]["mean"], g["ssim"]["interval"], SR_METHOD + "; SSIM Gaussian sigma 1.5", data, "val", modality),
            figure("worstVolumePsnrGainDb", g["worst_gain_psnr"], None, SR_METHOD + "; the volume with the smallest gain", data, "val", modality),
            figure("l1TwinPsnrGainOverBicubicDb", l["gain_psnr"]["mean"], l["gain_psnr"]["interval"], SR_METHOD + "; the same network before the adversarial phase", data, "val", modality),
            figure("fineDetailPower", g["highBand"]["mean"], g["highBand"]["interval"], "spectral power above the source's Nyquist frequency divided by the reference's (1 = equal), Hann window, whole slices; says how sharp, not how true", data, "val", modality),
            figure("l1TwinFineDetailPower", l["highBand"]["mean"], l["highBand"]["interval"], "the same for the L1-trained twin", data, "val", modality),
            figure("meanGradient", g["gradient"]["mean"], g["gradient"]["interval"], "mean absolute difference of neighbours divided by the reference's", data, "val", modality),
            figure("consistencyRms", g["consistency"]["mean"] * unit, None, "output degraded again minus input, root mean square, " + ("HU" if extra else "share of p99.5"), data, "val", modality),
        ]
        if extra:
            figures.append(figure("psnrGainOverBicubicSoftTissueWindowDb", g["gain_psnr_w"]["mean"], g["gain_psnr_w"]["interval"], SR_METHOD + "; values clipped to -160..240 HU, R = 400 HU", data, "val", modality))
    figures.append(figure("seconds512To1024", speed["upscale512"][0], None, f"best of 8 runs, ONNX Runtime CPU, {speed['threads']} threads, other work on the machine (load {speed['load']:.1f}); processor time {speed['upscale512'][1]:.2f} s", "one 512 x 512 slice", "none"))
    body = words.UPSCALE.format(parameters=manifest["parameters"], radius=manifest["upscale"]["receptiveFieldRadius"], table="\n".join(lines),
                                seconds=speed["upscale512"][0], processor=speed["upscale512"][1], threads=speed["threads"], load=speed["load"], steps=manifest["training"]["steps"], judgement=words.UPSCALE_JUDGEMENT)
    return body, figures


def synthesize(manifest, m, speed):
    s, figures = m["settings"], []
    n = sum(m["n"])
    how = f"{n} samples ({m['n'][0]} glioma, {m['n'][1]} meningioma, {m['n'][2]} pituitary), seed {s['seed']:.0f}, {s['steps']:.0f} DDIM steps, guidance {s['guidance']:g}"
    lines = [f"Samples measured: {how}. Reference: `val`, 81 images of 20 patients.", "",
             "| features | KID synthetic-val | KID train-val | D (interval) | null sd | D <= 2 sd |", "|---|---|---|---|---|---|"]
    for key, label in (("classifier", "classifier (160)"), ("random", "fixed random convolution (2304)")):
        v = m[key]
        lines.append(f"| {label} | {v['kidSyntheticVal']:.3f} | {v['kidTrainVal']:.3f} | {v['D']:.3f} ({span(v['interval'], 3)}) | {v['nullSd']:.3f} | {'yes' if v['passes'] else '**no**'} |")
        figures.append(figure(f"kidDifference.{key}", v["D"], v["interval"], f"KID(synthetic, val) - KID(train, val), unbiased, cubic kernel, standardised features of {label}; interval: 200 bootstrap draws of val patients; sd of the null (20 training patients against the rest, 200 draws) {v['nullSd']:.4f}; {how}", "brain_t1c", "val", "MR"))
    lines += ["", "| read by the classifier as the class asked for | synthetic (interval, n) | real `val` (interval, n) |", "|---|---|---|"]
    for c in ("all", "glioma", "meningioma", "pituitary"):
        a, b = m["readBack"]["synthetic"][c], m["readBack"]["realVal"][c]
        lines.append(f"| {c} | {a['value']:.3f} ({span(a['interval'])}, {a['n']}) | {b['value']:.3f} ({span(b['interval'])}, {b['n']}) |")
        figures.append(figure(f"classifierReadBack.{c}", a["value"], a["interval"], f"share of synthetic images that a classifier trained on real train images reads as the class asked for; on real val it reads {b['value']:.3f}; Wilson interval; {how}", "brain_t1c", "val", "MR"))
    c = m["copies"]
    lines += ["", "Copies (root mean square of grey values 0..1 at 64 x 64; mirrored images count too):", "",
              "| | 5th percentile | median |", "|---|---|---|",
              f"| synthetic to nearest training image | {c['samples'][0]:.4f} | {c['samples'][1]:.4f} |",
              f"| training image to nearest of another patient | {c['patients'][0]:.4f} | {c['patients'][1]:.4f} |",
              f"| real `val` image to nearest training image | {m['valToTrain'][0]:.4f} | {m['valToTrain'][1]:.4f} |",
              f"| ratio of the first two (wanted: 0.9 or more) | {c['p5Ratio']:.2f} | {c['medianRatio']:.2f} |", "",
              f"{c['closerThanAnyTwoPatients']} of {n} samples are nearer to a training image than any two training patients are to each other ({c['smallestBetweenPatients']:.4f}). "
              "That is what this detector can say; it does not prove that nothing of a patient can be recognised.", "",
              f"Diversity: mean distance between two images of one class {m['diversity']['synthetic']:.4f} synthetic, {m['diversity']['train']:.4f} real."]
    method = f"root mean square at 64 x 64 to the nearest training image (mirrored too), divided by that between training images of different patients; {how}"
    figures += [figure("nearestTrainingImageRatio.median", c["medianRatio"], None, method, "brain_t1c", "train", "MR"),
                figure("nearestTrainingImageRatio.p5", c["p5Ratio"], None, method + "; 5th percentiles", "brain_t1c", "train", "MR"),
                figure("diversity", m["diversity"]["synthetic"] / m["diversity"]["train"], None, "mean pairwise distance within a class, synthetic divided by real", "brain_t1c", "train", "MR"),
                figure("secondsPerImage30Steps", speed["sample30"][0], None, f"best of 5, ONNX Runtime CPU, {speed['threads']} threads, guidance on, other work on the machine (load {speed['load']:.1f}); processor time {speed['sample30'][1]:.2f} s", "none", "none")]
    body = words.SYNTHESIZE.format(parameters=manifest["parameters"], table="\n".join(lines), seconds=speed["sample30"][0], processor=speed["sample30"][1], threads=speed["threads"], load=speed["load"],
                                   steps=manifest["training"]["steps"], guidance=manifest["synthesize"]["defaults"]["guidance"], judgement=words.SYNTHESIZE_JUDGEMENT)
    return body, figures


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("task", choices=["upscale", "synthesize"])
    for name in ("package", "measured", "speed"):
        p.add_argument("--" + name, required=True)
    a = p.parse_args()
    path = os.path.join(a.package, "manifest.json")
    manifest = load(path)
    body, manifest["figures"] = (upscale if a.task == "upscale" else synthesize)(manifest, load(a.measured), load(a.speed))
    with open(path, "w") as f:
        json.dump(manifest, f, indent=2, ensure_ascii=False)
        f.write("\n")
    with open(os.path.join(a.package, "CARD.md"), "w") as f:
        f.write(body)


if __name__ == "__main__":
    main()

"""The words of the cards; the numbers are put in by make_card.py.

*_JUDGEMENT is what a person saw on samples.png of exactly these weights: look again and rewrite it after each training.
"""

UPSCALE_JUDGEMENT = """Seen by the engineer who trained it, not by a radiologist. On CT, bone edges, vessels in the lung and the lung's border are clearly crisper than
with bicubic and close to the reference, without halos; the fine trabecular pattern inside the vertebra is not recovered. Twin and GAN differ little on CT. On MR, edges of
ventricles and vessels are crisp; the grain and the finest folds of the reference are only partly there, somewhat more with the GAN than with the twin. Where k-space was cropped across
strong edges (the dark line of the falx on FLAIR) a faint ripple of the source stays in all methods. No invented structure was noticed in the crops shown; that is no proof that there is none."""
SYNTHESIZE_JUDGEMENT = """Seen by the engineer who trained it, not by a radiologist, on 44 images of each class (the first eight of the sheet and 36 more, not chosen). All look like axial head
slices at a level that fits the class. *Meningioma*: an enhancing mass is plain in nearly all; about a quarter show two or three, which is rare in life, and about one in twelve bulges through the skull as it
does in one training patient. *Pituitary*: nearly all show an enlarged, enhancing sella, in about one of six it is small enough to be normal. *Glioma*: most show a dark area, a ring or a shifted midline that can be pointed
at with a brain window; bright irregular rims as of real high-grade gliomas are rarer than in real images, and in about one of eight nothing certain can be made out.

A blinded reading of other images: 40 synthetic (20 glioma, 10 meningioma, 10 pituitary), 40 real of `val` (the same numbers) and 10 real without tumour, drawn at random, mixed, each shown with the same window; the reader,
a general vision-language model and no radiologist, was not told the mixture. It saw a tumour in 38 of the 40 synthetic images (glioma 19, meningioma 10, pituitary 9; "maybe" in the other two), in 31 of the 40 real
ones (16, 10, 5; "maybe" in eight) and in none of the ten without; it named the class asked for in 38 of 40 (real: 38 of 40). So tumours are at least as plain as in real images, for which images with plain
tumours were preferred in training; the mixture here is not that of a clinic. The same reader could tell that about half of all images were **smoother than real scans**: folds, vessels and the fine parts of the skull base are
soft, there is a faint grid in places, and a radiologist would not be deceived for long. Of the last two states of training the one in which such a reading found more tumours was kept, without regard to the figures
on `val`. The random features see the smoothness and fail their limit, while the classifier's features pass theirs.

Copies: the samples nearest to training images are smooth versions of one patient's slices with a large cystic glioma, and of a meningioma at the vertex; a few images are nearer to a training image than any two training patients are to each other
(number above), and both copy ratios stay below the wanted 0.9. The classifier reads level and brightness along with the tumour, so its high read-back proves little. Review each image before it goes into a training set."""

UPSCALE = """# Super-resolution x2 for CT and MR slices (`sr-gan-x2`)

Doubles rows and columns of a CT or MR slice: the same extent, half the pixel spacing. **For research only, not for
diagnosis.** What lies beyond the source's resolution is the model's guess from its training images: small structures can be
invented, sharpened into something they are not, or lost.

![crops of val slices](samples.png)

## What it is
- A residual network of {parameters:,} parameters (48 channels, 8 blocks of two 3 x 3 convolutions, no normalisation) that works at
  the source's resolution; a sub-pixel head adds its detail to bicubic interpolation (Keys a = -0.5, half-pixel centres), which is
  part of the graph. An output pixel sees {radius} input pixels to each side, so tiles that overlap by {radius} equal the whole.
- Trained first with L1 alone (the *twin*), then with L1, a relativistic patch discriminator that sees the source, and feature
  matching. {steps:,} steps in all. The twin is the state before the adversarial phase; it is not shipped.
  The shipped weights are a blend, 0.45 of the adversarial and 0.55 of the twin: the largest share tried (0.3, 0.45, 0.6, 0.8) that lost at
  most 0.25 dB on each of the volumes kept for choices (that limit was set when the twin's figures on `val` had been seen; the blend's had not).
- Input: CT in HU / 1000, clipped to -1024..3071 HU; MR divided by the 99.5th percentile of its volume. `modality` is 0 for CT and
  1 for MR. Output in the same units.
- 512 x 512 to 1024 x 1024 in {seconds:.2f} s on {threads} CPU threads of a machine with other work (load {load:.1f}); {processor:.2f} s of processor time.

## Measured on `val`
Nothing of `val` was used in training or for any choice (choices were made on three volumes of `train` kept out of training:
ct_chest_cmbcrc01068, mr_flair_ljl09s2, mr_t1c_ljc19). Split by patient or volume. Degradation, kernels and metrics are those of the
project's measuring tool `measure_sr.py`: MR by cropping k-space with the half-pixel phase, CT by 2 x 2 means plus noise of 5 HU;
2 border pixels dropped; PSNR and SSIM (Gaussian, sigma 1.5) with R = 99.5th percentile for MR and 4095 HU for CT; mean over
slices, then over volumes. Intervals are 95 % bootstrap intervals over volumes and coarse: there are 3 CT (two of them single
slices) and 6 MR volumes. *Fine detail* is the spectral power above what the source can hold, *mean gradient* the mean absolute
difference of neighbouring pixels, both divided by the reference's: 1 is as sharp as the reference; they say how sharp, not how true.
Much of the CT gain is undoing the 2 x 2 mean, which a linear filter can do too (+1.85 dB).

{table}
## What was seen
{judgement}

## Limits
- Trained and measured on simulated low resolution only. Real thick pixels, other kernels, motion or other scanners can differ;
  there is no measurement on real pairs of low and high resolution.
- In plane only; each slice by itself. Slices are not sharpened through the plane.
- Body parts: CT head, chest, abdomen, heart; MR mostly brain (T1, T2, FLAIR, PD, T1 post contrast), few abdomen and heart slices. Children,
  implants, contrast phases and protocols outside these were not looked at.
- No reader study, no lesion-level measurement: do not measure small structures on upscaled images.

## Training data and licences
Weights: Apache-2.0. No training image is shipped. Public collections, `train` split (6 CT volumes, 16 single CT slices, 22 MR volumes):
- CT: dcm_qa_ct (Aliza Medical Imaging), BSD-2; The Cancer Imaging Archive (Clark K. et al., J Digit Imaging 2013): RIDER Pilot,
  ACRIN-FLT-Breast, CPTAC-PDA, C4KC-KiTS, CC BY 3.0; CMB-CRC (kept out, for choices) and COVID-19-NY-SBU, CC BY 4.0; TotalSegmentator test volume, Apache-2.0.
- MR: open_ms_data (Lesjak Z. et al., Neuroinformatics 2016 and 2018), CC BY; TCGA-LIHC (TCIA), CC BY 3.0; Papaya test data (BSD-style);
  VolumeRenderingData and Seg3DData (CIBC), MIT; pyradiomics sample data, BSD-3; MSLesSeg (Guarnera F. et al., Scientific Data 2025), CC BY 4.0;
  niivue MR_Gd, BSD-2 (figshare 7472168).
- `val` besides: torchio-data and brainchop, MIT. `samples.png` shows crops of `val` volumes under these licences (ACRIN-FLT-Breast CC BY 3.0,
  pyradiomics BSD-3, torchio-data MIT, open_ms_data CC BY).
Licences are as the hosting repository or the collection states them.

## Made again
`models/training/README.md` has the commands; the manifest has seed, steps, versions and the graph's SHA-256.
"""

SYNTHESIZE = """# Axial T1 post-contrast brain slices with a tumour (`brain-t1c-diffusion`)

Makes 128 x 128 axial T1 post-contrast brain slices (1.96 mm pixels) with a glioma, a meningioma or a pituitary tumour. **For
research only.** The images show no real person by intention; see *Copies* for what was and was not checked.

![synthetic images, nearest training images, real images](samples.png)

## What it is
- Latent diffusion, {parameters:,} parameters in the two graphs. A convolutional autoencoder maps 128 x 128 pixels to 16 x 16 x 8 latents
  (unit variance; the scaling is in the decoder's graph); a class-conditional U-Net denoises them together with a ninth channel, how much of each position the
  tumour covers (from the data set's masks; errors inside the tumour count up to seven times). Training images whose tumour is hard to see (an edge slice, or one as grey as the brain) were drawn more rarely, and a patient counts as the root of what the slices would. The decoder does not read that channel. Cosine schedule (1000 steps, s = 0.008, beta at
  most 0.999), v prediction, min-SNR weights, a tenth of the labels dropped for classifier-free guidance, averaged weights; {steps:,} steps.
- Sampling: deterministic DDIM, 30 steps, guidance {guidance:g} by default. {seconds:.2f} s an image with 30 steps and guidance on {threads} CPU threads of a
  machine with other work (load {load:.1f}); {processor:.2f} s of processor time.
- Training images were mirrored, turned by up to 2 to 4 degrees, scaled and shifted by a few per cent and changed a little in contrast, so **left and right
  mean nothing** in these images.

## Measured
{table}

D is KID(synthetic, val) - KID(train, val): how much farther from unseen real images the synthetic ones are than the training images. The null
is what as many training patients as `val` has differ from the other training patients by. `val` was used for these figures only; guidance
was chosen among 1.5, 2 and 3 by the distance to `train`, steps and lengths of training were fixed beforehand or by the clock. The classifier (recipe in `models/training/classifier.py`) is not shipped.

## What was seen
{judgement}

## Limits
- 717 training slices of 149 groups (runs of consecutive slices, about a patient each), two hospitals, one kind of scan: variety is small.
- 8-bit sources with unknown windowing: grey values have no physical meaning and are not comparable between images.
- Tumour type is the label of the slice that the image imitates; nothing guarantees histology-like features. No radiologist has read them.
- Utility for training other models has not been measured.

## Training data and licences
Weights: Apache-2.0. Training images: Cheng J. et al., figshare brain tumour data set (doi 10.6084/m9.figshare.1512427; PLoS ONE 10(10):e0140381, 2015),
CC BY 4.0, in the curated form of BRISC 2025 (Fateh A. et al., arXiv:2506.14318), CC BY 4.0; 313 glioma, 169 meningioma and 235 pituitary slices of `train`. The
autoencoder also saw 92 slices without tumour of BRISC (without contrast or of unknown contrast, some of web origin: Br35H, Sartaj). `samples.png` shows training
images under CC BY 4.0, reduced to 128 x 128.

## Made again
`models/training/README.md` has the commands; the manifest has seed, steps, versions and each graph's SHA-256.
"""

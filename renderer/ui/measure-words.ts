/** Names of figures, as the host writes them, in words. The method stands in the figure itself. */
const words: Readonly<Record<string, string>> = {
  'consistency-rmse': 'Shrunk back, differs from the original by (RMS)',
  'consistency-max': 'Shrunk back, differs by at most',
  'difference-mean': 'Mean change beyond bicubic',
  'difference-mean-absolute': 'Mean absolute change beyond bicubic',
  'difference-max': 'Largest change beyond bicubic',
  'sharpness-ratio': 'Edges, against bicubic',
  psnr: 'PSNR',
  ssim: 'SSIM',
  mae: 'Mean absolute error',
  rmse: 'RMS error',
};

export function measureWords(name: string): string {
  return words[name] ?? name.replaceAll('-', ' ');
}

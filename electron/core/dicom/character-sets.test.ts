import { expect, test } from 'vitest';
import { decodeText } from './character-sets.ts';

/** Every set of PS3.3 C.12.1.1.2. The bytes are what pydicom writes; of sets that it does not write (13, 58, 203) those of the code tables, for 58 the example of PS3.5 Annex K. */
test.each([
  { terms: ['ISO_IR 100'], bytes: 'c46e6561735e52fc6469676572', text: 'Äneas^Rüdiger' },
  { terms: ['ISO_IR 101'], bytes: '5761b3ea73615e4c656368', text: 'Wałęsa^Lech' },
  { terms: ['ISO_IR 109'], bytes: 'c66170656c6f5ed869', text: 'Ĉapelo^Ĝi' },
  { terms: ['ISO_IR 110'], bytes: '4ae0f1615ed3', text: 'Jāņa^Ķ' },
  { terms: ['ISO_IR 144'], bytes: 'bbeeda6365dcd17970d35eb8', text: 'Люкceмбypг^И' },
  { terms: ['ISO_IR 127'], bytes: 'e2c8c7e6ea5ee4e6d2c7d1', text: 'قباني^لنزار' },
  { terms: ['ISO_IR 126'], bytes: 'c4e9efedf5f3e9eff25ec1', text: 'Διονυσιος^Α' },
  { terms: ['ISO_IR 138'], bytes: 'f9f8e5ef5ee3e1e5f8e4', text: 'שרון^דבורה' },
  { terms: ['ISO_IR 148'], bytes: 'c7617675fe6ff06c755edd', text: 'Çavuşoğlu^İ' },
  { terms: ['ISO_IR 166'], bytes: 'b9d2c1caa1d8c55eaad7e8cd', text: 'นามสกุล^ชื่อ' },
  { terms: ['ISO_IR 192'], bytes: 'e78e8b5ee5b08fe69db120c384', text: '王^小東 Ä' },
  { terms: ['GB18030'], bytes: 'cdf55ed0a1b6ab', text: '王^小东' },
  { terms: ['GBK'], bytes: 'cdf55ed0a1b6ab', text: '王^小东' },
  { terms: ['', 'ISO 2022 IR 87'], bytes: '1b284259616d6164615e5461726f753d1b24423b3345441b28425e1b244242404f3a1b28423d1b24422464245e24401b28425e1b2442243f246d24261b2842', text: 'Yamada^Tarou=山田^太郎=やまだ^たろう' },
  { terms: ['ISO 2022 IR 13', 'ISO 2022 IR 87'], bytes: '1b2949d4cfc0de1b284a5e1b2949c0dbb31b284a3d1b24423b3345441b284a5e1b244242404f3a1b284a', text: 'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎' },
  { terms: ['', 'ISO 2022 IR 149'], bytes: '1b242943486f6e675e47696c646f6e673dfbf35ed1ced4d73dc8ab5eb1e6b5bf', text: 'Hong^Gildong=洪^吉洞=홍^길동' },
  { terms: ['', 'ISO 2022 IR 159'], bytes: '1b2842415e423d1b24284430211b28425e1b24284430221b2842', text: 'A^B=丂^丄' },
  { terms: ['ISO 2022 IR 100', 'ISO 2022 IR 144'], bytes: '1b2d414275635e4ae972f46d65201b2d4cbbeeda', text: 'Buc^Jérôme Люк' },
  { terms: ['ISO 2022 IR 6', 'ISO 2022 IR 166'], bytes: '1b2d54415eb9d2c1', text: 'A^นาม' },
  { terms: ['ISO_IR 203'], bytes: 'bc757672655ea4', text: 'Œuvre^€' },
  { terms: ['ISO_IR 13'], bytes: 'd4cfc0de5ec0dbb3', text: 'ﾔﾏﾀﾞ^ﾀﾛｳ' },
  { terms: ['', 'ISO 2022 IR 58'], bytes: '5a68616e675e5869616f446f6e673d1b242941d5c55e1b242941d0a1b6ab3d', text: 'Zhang^XiaoDong=张^小东=' },
])('$terms reads $text', ({ terms, bytes, text }) => {
  expect(decodeText(Buffer.from(bytes, 'hex'), terms)).toBe(text);
});

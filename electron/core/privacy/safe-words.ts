/**
 * Words that may stay in a descriptor. PS3.15 E.3.5 names the approach: known-safe words are taken out of a text, everything else is left behind.
 *
 * The list is of imaging: what is examined, from which side, how and with what. It has no first names and no places; words that are also family
 * names (Head, Long, White) are only kept when nobody in the object has them (identity-words.ts).
 */

const words = new Set(`
abd abdomen abdominal abdomenpelvis acetabulum achilles adrenal airway ankle anus aorta aortic appendix arm arms arterial arteries artery atlas atrium axilla axillary back base basal basilar
biceps bile biliary bladder blood body bone bones bony bowel brachial brain brainstem breast breasts bronchi bronchus calcaneus calf calves carotid carotids carpal cartilage caval cecum celiac
cerebellum cerebral cerebrum cervical cervix chest circle clavicle coccyx colon colonic cord cornea coronaries coronary corpus cortex cortical cranial cranium cruciate cspine diaphragm digit
disc discs disk disks duct duodenum ear ears elbow elbows epidural esophagus extremities extremity eye eyes face facial headneck neckchest chestabdomen chestabdpelvis thoraxabdomen neckthorax fascia fat feet femoral femur fetal fetus fibula finger fingers fissure
foot forearm fossa frontal gallbladder ganglia gastric gland glands gluteal gray grey groin hand hands head heart heel hepatic hilum hip hips hippocampus humerus iac ileum iliac inguinal
intestine jaw jejunum joint joints jugular kidney kidneys knee knees labrum larynx leg legs lens ligament limb limbs liver lobe lspine lumbar lung lungs lymph mandible marrow mastoid matter
maxilla maxillofacial mediastinal mediastinum meniscus mesenteric metacarpal metatarsal mouth muscle muscles nasal nasopharynx neck nerve nerves node nodes nose occipital oral orbit orbita
orbital orbits ovary oropharynx palate pancreas pancreatic paranasal parietal parotid patella pectoral pediatric pelvic pelvis pericardium peripheral petrous pharynx pituitary placenta plantar
pleura pleural plexus popliteal portal posteriorfossa prostate pubis pulmonary rectal rectum renal retina retroperitoneum rib ribs runoff sacral sacroiliac sacrum scalp scapula sclera sella
shoulder shoulders sinus sinuses skeletal skeleton skin skull soft spinal spine spleen splenic sspine sternum stomach subclavian submandibular tail temporal tendon testis thigh thighs thoracic
thoracolumbar thorax thumb thymus thyroid tibia tissue toe toes tongue tonsil tooth teeth torso trachea tract trunk tspine tube ulna ureter ureters urethra urinary urogram uterus vagina vein
veins vena venous ventricle ventricles ventricular vertebra vertebrae vertebral vessel vessels vocal waist wholebody wrist wrists
abnormality abscess acute adenoma aneurysm artifact atrophy bleed calcification calcium callosum cancer carcinoma cavity chronic contrast contusion cyst cystic defect deformity demyelination
disease dissection edema effusion embolism embolus enhancing enhancement fibrosis fluid focal follow followup fracture fractures glioma gtv ctv ptv oar hematoma hemorrhage hernia hydrocephalus
infarct infarction infection inflammation injury ischemia lesion lesions malignant mass masses meningioma meningitis metastases metastasis metastatic necrosis neoplasm nodule nodules normal
obstruction occlusion occult perfusion pneumonia pneumothorax polyp primary rupture sclerosis scoliosis screening secondary stenosis stent stone stones stroke swelling tear thrombosis thrombus
trauma tumor tumour ulcer urgent
left right bilateral unilateral both anterior posterior superior inferior lateral medial dorsal ventral proximal distal oblique cranial caudal upper lower mid middle inner outer central internal
external deep superficial apical axial ax axi tra transverse transversal trans sag sagittal cor coronal obl para parasagittal paracoronal orthogonal plane planes ap pa lat ll rl dv lpo rpo lao rao
mlo cc lm ml xcc spot supine prone decubitus standing upright erect sitting lying head first feet ffs ffp hfs hfp extension flexion neutral rotation tilt angle swimmers skyline sunrise frog
axillary scout scouts localizer localiser localizers loc survey topogram tomogram plan planning surview
ct cta ctp ctv ctdi cbct mdct mr mri mra mrv mrs mrcp mrspectroscopy fmri bold us usg ultrasound doppler duplex echo pet petct petmr spect nm xa xr xray x rf cr dx mg mammo mammography
mammogram tomosynthesis tomo dbt radiograph radiography radiographs fluoroscopy fluoro angiography angio angiogram angiographic venography venogram arteriogram arthrogram arthrography
myelogram cholangiogram urography enterography colonography cystogram hysterosalpingogram esophagram swallow barium bone scan scintigraphy dexa densitometry biopsy ablation drainage guided
guidance intervention interventional procedure radiotherapy rt simulation sim treatment therapy dose dosimetry rtstruct rtplan rtdose seg segmentation segmented mask label map maps registration
registered fused fusion overlay presentation state sr kos
acquisition acquired acq adc add additional adv advanced alignment anat anatomical anatomy angled array asl asset attenuation attenuated average averaged avg b0 ac nac background bias blade
bolus breath breathhold bh brightspeed calibration cap care cbf cbv ciss cine collimation color colour combined combi comparison complete compressed contiguous continuous convolution coil
corrected correction coverage csi csf cube curved cut dce deep delay delayed delta density derived detail diastole diastolic diff difference diffusion dir dixon dual dwi dwibs dti dsc dyn
dynamic early echoes edge effective energy enhanced ep epi epi2d equilibrium ett exam examination excretory exhale expiration expiratory exposure fa factor fast fatsat fb fdg fe ffe fgre fid
field fiesta filter filtered fine fields flair flash flow fov frame frames free frequency frfse fs fse fsat fspgr full function functional fw gad gadolinium gain gate gated gating gd ge
gradient gre grappa grid half hard haste helical hepatobiliary hi high highres hires hr hrct hyper image images imaging in ind inhale initial injection inspiration inspiratory interleaved
interpolated inversion ir iso isotropic iterative iv ivcontrast ivim kernel lac large late lava level limited limits line localization long low lowdose magnetic magnitude mag mean medium
median medic mip mips minip mprage mp2rage mpr mprs msde mtt multi multiecho multiphase multiplanar multishot multislice nativ native nbh nephrographic neuro noise non noncontrast nonenhanced
none norm normalised normalized number off on only opp opposed opposite original out outphase inphase parallel parametric part pass pause pc pd pdfs pdw percent perf phase phases phased
physio pilot pixel plain portalvenous position positive post postcontrast postgad postop pre precontrast preop prep prescan processed processing propeller propset proset protocol protocols
proton psir pulse quant quantitative quick radial ramp range rapid raw ray real rear rec recon reconstruction reconstructed recovery reduced ref reference refocused reformat reformats
reformatted region relaxation repeat res resolution respiratory rest resting restore reverse roi rot routine sat saturation saturated scan scans screen se section secs sections sense sequence
series set sharp shim short shot single slab slice slices slow small smooth smoothed soft space spair spectral spectroscopy speed spgr spin spiral spoiled sprc ss ssfp ssfse stack standard
static std steady stir strain stress study sub subtract subtracted subtraction sum suppressed suppression surface swi swan swip systole systolic te temporal ten test tfe tfl thick thickness
thin thrive ti tilted time timing tir tirm tissue tof tone topo total tr trace tracew tracking triggered trufi trufisp tse ttp turbo twist type ultra unenhanced uniform uptake vein velocity
venc version vibe view views vista vol volume volumetric vr vrt waters water weight weighted wb wbc window windows wo with without woc wc w wet whole wide wip wo zoom zte
cont conts obli comp min views general exam exams report reports reporting summary measurement measurements manual automatic text structured factor factors modality lut voi multiframe mapping
malformation arteriovenous arterio fibroma mrt irm rm tc tdm wip sms idose unspecified region regions
lossy lossless reversible irreversible jpeg jls rle ls near baseline sequential progressive compression ratio selection point transform bit bits converted rescaled scaled palette uncompressed
omniscan isovue omnipaque visipaque ultravist iopamiro optiray iomeron imeron accupaque xenetix oxilan gadovist gadavist dotarem clariscan magnevist multihance prohance primovist eovist sonovue
lumason definity gastrografin iohexol iopamidol iopromide iodixanol iomeprol ioversol iobitridol gadobutrol gadoterate gadobenate gadoteridol gadodiamide gadoxetate gadopentetate
adult child infant baby pediatrics phantom qa qc quality control daily weekly water
abdo abdome abdomen becken bauch brust brustkorb gehirn hals hirn herz knie kopf leber lunge magen niere nieren schulter schaedel schädel thorax wirbelsäule wirbelsaeule hws bws lws hüfte huefte
hand fuss fuß unterarm oberarm arteriell venös venoes nativ spät quer koronar mit ohne kein keine nicht
abdominale cerveau crâne crane genou poumon poumons rachis hanche epaule épaule foie coeur cœur rein reins bassin thoracique cervicale lombaire sans avec injection tardif
cabeza cuello columna cadera rodilla hombro pulmon pulmón higado hígado corazon corazón torax tórax abdomen pelvis cerebro craneo cráneo simple contraste sin con sem com pas zonder met utan med uten bez
testa collo torace addome bacino ginocchio spalla fegato cuore polmone colonna encefalo cranio senza contrasto
mm cm ms s sec min kv kvp ma mas hu t deg ml cc mg kg hz mhz gy cgy mgy bpm fps mev kev suv suvbw bqml uci mci mbq ci sv
and or of the to from at by for plus minus via per no yes
axials sagittals coronals obliques
`.trim().split(/\s+/));

/** Names of makers, and words that stand where a name is missing: not a person's, wherever they are found. */
const neutral = new Set(`
siemens healthineers healthcare philips ge gems general electric medical systems toshiba canon hitachi fuji fujifilm agfa hologic varian elekta shimadzu samsung mindray esaote bruker carestream
kodak konica minolta neusoft united imaging aloka acuson picker marconi elscint adac hyperfine vital images scanner workstation pacs dicom
unknown none null anonymous anonymized anonymised anonymize deidentified nobody removed redacted unspecified undefined empty patient patients name test demo sample case subject male female other
doctor prof university hospital clinic clinical center centre institute institution radiology department dept research group
original primary secondary derived axial localizer standard value values application pdf text xml
`.trim().split(/\s+/));

const number = String.raw`\d{1,4}(?:\.\d{1,4})?`;
const units = '(?:mm|cm|ms|s|sec|min|kv|kvp|ma|mas|hu|t|deg|ml|cc|mhz|gy|cgy|mgy|bpm|fps|mev|kev|x)';
const patterns = [
  new RegExp(`^${number}${units}$`),
  // Weightings, dimensions, acceleration, diffusion and echo figures.
  /^t[12](?:w|wi|fs|c)?$/, /^t2star$/, /^[234]d$/, /^(?:p|pat|sense|cs)[2-8]$/, /^b[0-9]{1,4}$/, /^(?:te|tr|ti|fa|tf|etl|dyn|ph|phase|echo|e|fov)[0-9]{1,4}$/, /^ph?ase[0-9]$/,
  // Vertebrae, kernels.
  /^(?:isovue|omnipaque|visipaque|ultravist|iopamiro|optiray|iomeron|imeron|accupaque|xenetix|oxilan)[0-9]{3}$/,
  /^(?:c[1-7]|t(?:[1-9]|1[0-2])|th(?:[1-9]|1[0-2])|l[1-5]|s[1-5])$/, /^(?:b|h|i|d|u|br|hr|hc|bf|qr|bl|bv|fc|ua|ub|yb|yc)[0-9]{2}[a-z]?$/,
];
const little = new Set('and or of the to from at by for plus minus via per no yes on off in out with without w wo is'.split(' '));
/** Without what they belong to, they say the contrary of the text, or nothing. */
const negations = new Set('no non none not without w wo woc nocontrast ohne kein keine nicht sans sin sem zonder utan uden bez senza'.split(' '));
/** Words of imaging that are families' names as well. Scanners are asked for a region and an investigator, and write both into one description. */
const doubtful = new Set('crane cranio stone stones waters sharp long small gray grey early testa colonna cabeza twist care blade weight'.split(' '));
const unit = new RegExp(`^${units}$`);
const joining = new Set('and or of the to from at by for plus minus via per in with mit avec con'.split(' '));
const conjunctions = new Set('and or of plus minus via per'.split(' '));

/** True for a word of imaging, or a figure that says what it is of. */
export function isSafeWord(word: string): boolean {
  const plain = word.toLowerCase();
  return words.has(plain) || patterns.some((pattern) => pattern.test(plain));
}

/** True for a word that stands for nobody: of imaging, of a maker, or in place of a name. */
export function isNeutralWord(word: string): boolean {
  return neutral.has(word.toLowerCase()) || isSafeWord(word);
}

/**
 * The known-safe words of a text, in their order, with one space between them. A bare number stays only in front of its unit: alone it may be part
 * of a date, an age or an identifier.
 *
 * @param isIdentity Words that must not stay although they are safe: somebody's name.
 */
export function safeWordsOf(text: string, isIdentity: (word: string) => boolean): string {
  // A negation that loses a letter says the contrary.
  const spelled = text.normalize('NFC').replace(/(?<![\p{L}\p{N}])w\s?\/\s?o(?![\p{L}\p{N}])/giu, 'without').replace(/(?<![\p{L}\p{N}])w\s?\/(?=[\s\p{L}])/giu, 'with ');
  const kept = spelled.split(/[\^,;()[\]<>=|\r\n]+/u).flatMap((phrase) => safeWordsOfPhrase(phrase, isIdentity));
  return isNothing(kept) ? '' : kept.join(' ');
}

/** Little words alone say nothing, or something else than the text did. */
function isNothing(kept: readonly string[]): boolean {
  return kept.every((part) => little.has(part.toLowerCase()));
}

/** DR, MR, FR and HR in capitals are radiography, resonance, a rate and a resolution. */
function isTitle(part: string): boolean {
  return /^(?:(?:mrs|prof|herr|frau|mme|mlle)\.?|dr\.|fr\.|hr\.)$/i.test(part) || /^(?:Dr|dr|Mr|Fr|Hr|Ms)\.?$/.test(part);
}

/** What stays of a text between two marks: names stand between such marks alone. */
function safeWordsOfPhrase(phrase: string, isIdentity: (word: string) => boolean): string[] {
  const parts = phrase.split(/[^\p{L}\p{N}.]+/u).map((part) => part.replace(/^\.+|\.+$/g, '')).filter((part) => part !== '');
  const raw = phrase.split(/[^\p{L}\p{N}.]+/u).filter((part) => part.replace(/\.+/g, '') !== '');
  const lower = parts.map((part) => part.toLowerCase());
  const stays = parts.map((part) => !isIdentity(part) && isSafeWord(part));
  // A name stands behind a title, also where it is a word of imaging; initials may be between.
  parts.forEach((_, at) => {
    if (!isTitle(raw[at]!)) return;
    stays[at] = false;
    let next = at + 1;
    while (next < parts.length - 1 && parts[next]!.length === 1) next += 1;
    if (next < parts.length) stays[next] = false;
  });
  // Without its unit behind it, a number would be a bare one.
  parts.forEach((part, at) => {
    if (!stays[at] && !isIdentity(part) && /^\d{1,3}(\.\d{1,3})?$/.test(part) && stays[at + 1] === true && unit.test(lower[at + 1]!)) stays[at] = true;
  });
  // What was denied is no longer denied when the words between are gone: with a negation whose object is unknown, all that follows goes.
  const denied = parts.findIndex((_, at) => negations.has(lower[at]!) && stays[at] === true && at + 1 < parts.length && stays[at + 1] !== true);
  if (denied !== -1) stays.fill(false, denied);
  parts.forEach((_, at) => {
    if (doubtful.has(lower[at]!) && ![at - 1, at + 1].some((beside) => stays[beside] === true && !doubtful.has(lower[beside]!) && !little.has(lower[beside]!))) stays[at] = false;
  });
  // Little words join what stands beside them, or go; negations at the end of a phrase have nothing to deny.
  const isJoined = (at: number): boolean => stays[at + 1] === true;
  for (let at = parts.length - 1; at >= 0; at -= 1) if (stays[at] && joining.has(lower[at]!) && !isJoined(at)) stays[at] = false;
  const left = parts.filter((_, at) => stays[at]);
  while (left.length > 0 && conjunctions.has(left[0]!.toLowerCase())) left.shift();
  return left;
}

import { structuresOf } from '../term';

/** Brain, spinal cord, nerves, eye and ear. */
export const NERVOUS_SYSTEM = structuresOf(`
P | 12738006 | Brain |  |
P | 11628009 | Telencephalon |  | cerebrum
P | 40146001 | Cerebral cortex | LR | cortex
P | 68523003 | Cerebral white matter | LR |
P | 389080008 | White matter |  |
P | 389081007 | Gray matter |  | grey matter
P | 83251001 | Frontal lobe | LR |
P | 16630005 | Parietal lobe | LR |
P | 78277001 | Temporal lobe | LR |
P | 31065004 | Occipital lobe | LR |
P | 279215006 | Limbic lobe | LR |
P | 36169008 | Insula | LR | insular lobe
P | 5366008 | Hippocampus | LR |
P | 4958002 | Amygdala | LR |
P | 3937002 | Entorhinal cortex | LR |
P | 42695009 | Thalamus | LR |
P | 11000004 | Caudate nucleus | LR | caudate
P | 89278009 | Putamen | LR |
P | 14738005 | Globus pallidus | LR | pallidum
P | 427667007 | Nucleus accumbens | LR | accumbens
P | 31428008 | Corpus striatum | LR | striatum
P | 70007007 | Substantia nigra | LR |
P | 88442005 | Corpus callosum |  |
P | 87463005 | Cerebral fornix |  | fornix
P | 37035000 | Cingulum | LR |
P | 87563008 | Diencephalon |  |
P | 61962009 | Midbrain |  | mesencephalon
P | 119238007 | Brain stem |  | brainstem
P | 113305005 | Cerebellum |  |
P | 25991003 | Cerebellar cortex | LR |
P | 33060004 | Cerebellar white matter | LR |
P | 11089000 | Superior cerebellar peduncle | LR |
P | 33723005 | Middle cerebellar peduncle | LR |
P | 67701001 | Inferior cerebellar peduncle | LR |
P | 35764002 | Brain ventricle |  | ventricle of brain, cerebral ventricle
P | 66720007 | Lateral ventricle | LR |
P | 49841001 | Third ventricle |  | 3rd ventricle
P | 35918002 | Fourth ventricle |  | 4th ventricle
P | 80447000 | Cerebral aqueduct |  |
P | 65216001 | Cerebrospinal fluid |  | csf
P | 35951006 | Subarachnoid space |  |
P | 1231004 | Meninges |  |
P | 18545000 | Dura mater |  |
P | 45793000 | Pineal gland |  |
P | 56329008 | Pituitary |  | pituitary gland, hypophysis
P | 62818001 | Adenohypophysis |  | anterior pituitary
P | 37512009 | Neurohypophysis |  | posterior pituitary
P | 42575006 | Sella turcica |  |
P | 244453006 | Optic chiasm |  | chiasm
P | 53238003 | Optic tract | LR |
P | 70105001 | Optic radiation | LR |
P | 18234004 | Optic nerve | LR |
P | 55233005 | Inferior longitudinal fasciculus | LR |
P | 89202009 | Superior longitudinal fasciculus | LR |
P | 26230003 | Uncinate fasciculus | LR |
P | 2748008 | Spinal cord |  | cord
P | 12958003 | Spinal cord gray matter |  | spinal cord grey matter
P | 27088001 | Spinal cord white matter |  |
P | 79652003 | Eyeball | LR | eye globe, globe
P | 81745001 | Eye | LR |
P | 363654007 | Orbital structure | LR | orbit
P | 78076003 | Lens of eye | LR | lens, eye lens
P | 5665001 | Retina | LR |
P | 26386000 | Vitreous | LR | vitreous body
P | 361078006 | Internal auditory canal | LR | internal acoustic meatus
P | 84301002 | External auditory canal | LR |
P | 25238003 | Cranial nerve | LR |
P | 88882009 | Vagus nerve | LR |
P | 36582005 | Brachial plexus | LR |
`);

import { structuresOf } from '../term';

/** Lymph nodes. */
export const LYMPH_NODES = structuresOf(`
P | 59441001 | Lymph node |  |
P | 81105003 | Cervical lymph node | LR |
P | 279145002 | Deep cervical lymph node | LR |
P | 68171009 | Axillary lymph node | LR |
P | 8928004 | Inguinal lymph node | LR |
P | 84219008 | Iliac lymph node | LR |
P | 65349008 | External iliac lymph node | LR |
P | 53074004 | Hilar lymph node | LR |
P | 47985009 | Celiac lymph node |  | coeliac lymph node
P | 8334002 | Lumbar lymph node | LR |
P | 35783009 | Aortic lymph node |  |
P | 61492009 | Hepatic lymph node |  |
P | 77778009 | Pancreatic lymph node |  |
P | 245341003 | Tracheobronchial lymph node | LR |
P | 5296000 | Anterior mediastinal lymph node |  |
P | 8568009 | Abdominal lymph node |  |
P | 443808008 | Intramammary lymph node | LR |
P | 58130000 | Jugular lymph node | LR |
P | 76838003 | Supraclavicular lymph node | LR |
P | 62683002 | Mediastinal lymph node |  |
P | 65690001 | Paratracheal lymph node | LR |
P | 28330007 | Subcarinal lymph node |  |
P | 91394001 | Retroperitoneal lymph node |  |
P | 36086000 | Obturator lymph node | LR |
P | 59503006 | Submandibular lymph node | LR |
P | 46055009 | Submental lymph node |  |
P | 25683005 | Retropharyngeal lymph node | LR |
P | 47471008 | Popliteal lymph node | LR |
P | 49394004 | Superior mesenteric lymph node |  |
`);

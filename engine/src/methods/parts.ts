import type { ContextParts } from '../context/settings';
import type { FinetuneParts } from '../finetune/decoderEngine';
import type { HeadParts } from '../head/learnHead';

/** What the methods of the engine compute with, all together. */
export type PropagateParts = ContextParts & FinetuneParts & HeadParts;

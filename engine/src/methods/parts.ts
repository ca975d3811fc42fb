import type { ContextParts } from '../context/settings';
import type { FinetuneParts } from '../finetune/decoderEngine';
import type { HeadParts } from '../head/learnHead';

/** Everything that any method of the engine needs to run. */
export type PropagateParts = ContextParts & FinetuneParts & HeadParts;

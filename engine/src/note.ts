/**
 * Tells the user what they should know of an input that was read all the same, e.g. that its header
 * contradicts itself. A sentence that names the option and the value, but no file or patient.
 */
export type OnNote = (note: string) => void;

/**
 * Tells the user what they should know of an input that was read all the same, e.g. that its header
 * contradicts itself. A sentence that names the option and the value, but no file or patient.
 */
export type OnNote = (note: string) => void;

/** Keeps what is told, e.g. for `--json`, and passes it on. */
export function keepNotes(onNote: OnNote): { notes: string[]; note: OnNote } {
  const notes: string[] = [];
  return {
    notes,
    note: text => {
      notes.push(text);
      onNote(text);
    },
  };
}

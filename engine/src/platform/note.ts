/**
 * Tells the user about a problem with an input that could be read all the same, e.g. a header that
 * contradicts itself. The note is a sentence that names the option and the value, but no file or patient.
 */
export type OnNote = (note: string) => void;

/** Collects notes, e.g. for `--json`, and passes them on. */
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

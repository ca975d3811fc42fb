/** The parts of dcmjs, which ships no types, that the demo server uses. */
declare module 'dcmjs' {
  export interface DcmjsElement {
    vr: string | undefined;
    Value?: unknown;
  }

  export type DcmjsDataset = Record<string, DcmjsElement>;

  export interface DcmjsFile {
    meta: DcmjsDataset;
    dict: DcmjsDataset;
    write(options?: { fragmentMultiframe?: boolean }): ArrayBuffer;
  }

  interface Logger {
    setLevel(level: 'silent' | 'error', persist?: boolean): void;
    getLogger(name: string): Logger;
  }

  const dcmjs: {
    log: Logger;
    data: {
      DicomMessage: {
        readFile(
          buffer: ArrayBuffer,
          options?: {
            ignoreErrors?: boolean;
            untilTag?: string | null;
            includeUntilTagValue?: boolean;
          },
        ): DcmjsFile;
      };
      DicomMetaDictionary: {
        /** By tag as `(gggg,eeee)`, in upper case. */
        dictionary: Record<string, { tag: string; vr: string; name: string } | undefined>;
        /** By keyword. */
        nameMap: Record<string, { tag: string; vr: string; name: string } | undefined>;
      };
    };
  };
  export default dcmjs;
}

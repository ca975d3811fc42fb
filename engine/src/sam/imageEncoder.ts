/** Shape of one image embedding: channels, token rows, token columns. */
export const EMBEDDING_CHANNELS = 256;
export const EMBEDDING_SIZE = 64;
/** Side in pixels of the square encoder input. */
export const ENCODER_INPUT_SIZE = 1024;

/** The frozen SAM image encoder. */
export interface ImageEncoder {
  /** What computes, e.g. 'webgpu', 'wasm (2 threads)', 'cpu'. */
  readonly device: string;
  /** The GPU device that it computes on, for others to compute on the same. */
  readonly gpu?: GPUDevice;
  /**
   * @param input [3, 1024, 1024] float32, normalised as SAM expects
   * @returns [256, 64, 64] float32, channel-major
   * @throws FewshotError `bad-result` when the output holds NaN or is constant
   */
  encode(input: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

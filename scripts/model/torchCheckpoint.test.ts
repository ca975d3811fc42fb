import { zipSync } from 'fflate';
import { readTorchCheckpoint } from './torchCheckpoint';

/** `torch.save(OrderedDict(a=tensor([[1.5, -2.0, 0.25], [3.0, 4.0, 5.0]]), n=tensor(7)))`, PyTorch 2.5.1. */
const SAVED =
  'UEsDBBQAAAAAAAAAIQCCzjSK7gAAAO4AAAAQAAAAYXJjaGl2ZS9kYXRhLnBrbIACY2NvbGxlY3Rpb25zCk9yZGVyZW' +
  'REaWN0CnEAKVJxAShYAQAAAGFxAmN0b3JjaC5fdXRpbHMKX3JlYnVpbGRfdGVuc29yX3YyCnEDKChYBwAAAHN0b3Jh' +
  'Z2VxBGN0b3JjaApGbG9hdFN0b3JhZ2UKcQVYAQAAADBxBlgDAAAAY3B1cQdLBnRxCFFLAEsCSwOGcQlLA0sBhnEKiW' +
  'gAKVJxC3RxDFJxDVgBAAAAbnEOaAMoKGgEY3RvcmNoCkxvbmdTdG9yYWdlCnEPWAEAAAAxcRBoB0sBdHERUUsAKSmJ' +
  'aAApUnESdHETUnEUdS5QSwMEFAAAAAAAAAAhABwFzfEYAAAAGAAAAA4AAABhcmNoaXZlL2RhdGEvMAAAwD8AAADAAA' +
  'CAPgAAQEAAAIBAAACgQFBLAwQUAAAAAAAAACEAcNbnbwgAAAAIAAAADgAAAGFyY2hpdmUvZGF0YS8xBwAAAAAAAABQ' +
  'SwECFAMUAAAAAAAAACEAgs40iu4AAADuAAAAEAAAAAAAAAAAAAAAgAEAAAAAYXJjaGl2ZS9kYXRhLnBrbFBLAQIUAx' +
  'QAAAAAAAAAIQAcBc3xGAAAABgAAAAOAAAAAAAAAAAAAACAARwBAABhcmNoaXZlL2RhdGEvMFBLAQIUAxQAAAAAAAAA' +
  'IQBw1udvCAAAAAgAAAAOAAAAAAAAAAAAAACAAWABAABhcmNoaXZlL2RhdGEvMVBLBQYAAAAAAwADALYAAACUAQAAAA' +
  'A=';
/** `torch.save(OrderedDict(a=arange(6.0).reshape(2, 3).t()))`. */
const TRANSPOSED =
  'UEsDBBQAAAAAAAAAIQDHARaJqQAAAKkAAAAQAAAAYXJjaGl2ZS9kYXRhLnBrbIACY2NvbGxlY3Rpb25zCk9yZGVyZW' +
  'REaWN0CnEAKVJxAVgBAAAAYXECY3RvcmNoLl91dGlscwpfcmVidWlsZF90ZW5zb3JfdjIKcQMoKFgHAAAAc3RvcmFn' +
  'ZXEEY3RvcmNoCkZsb2F0U3RvcmFnZQpxBVgBAAAAMHEGWAMAAABjcHVxB0sGdHEIUUsASwNLAoZxCUsBSwOGcQqJaA' +
  'ApUnELdHEMUnENcy5QSwMEFAAAAAAAAAAhABeQ55EYAAAAGAAAAA4AAABhcmNoaXZlL2RhdGEvMAAAAAAAAIA/AAAA' +
  'QAAAQEAAAIBAAACgQFBLAQIUAxQAAAAAAAAAIQDHARaJqQAAAKkAAAAQAAAAAAAAAAAAAACAAQAAAABhcmNoaXZlL2' +
  'RhdGEucGtsUEsBAhQDFAAAAAAAAAAhABeQ55EYAAAAGAAAAA4AAAAAAAAAAAAAAIAB1wAAAGFyY2hpdmUvZGF0YS8w' +
  'UEsFBgAAAAACAAIAegAAABsBAAAAAA==';
const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));

it('reads float32 tensors, and leaves out whole numbers', () => {
  expect([...readTorchCheckpoint(bytes(SAVED))]).toEqual([
    ['a', { shape: [2, 3], data: Float32Array.of(1.5, -2, 0.25, 3, 4, 5) }],
  ]);
});

it('refuses a tensor whose values do not lie in order', () => {
  expect(() => readTorchCheckpoint(bytes(TRANSPOSED))).toThrow('not contiguous');
});

it('refuses names that a state dict does not need, and files without one', () => {
  const pickle = new TextEncoder().encode('cos\ngetcwd\n.');
  const file = zipSync({ 'x/data.pkl': pickle });
  expect(() => readTorchCheckpoint(file)).toThrow('refers to os.getcwd');
  expect(() => readTorchCheckpoint(zipSync({ 'x/y': pickle }))).toThrow('no data.pkl');
});

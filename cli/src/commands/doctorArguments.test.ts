import { parseDoctorArguments } from './doctorArguments';
import { UsageError } from './usageError';

describe('parseDoctorArguments', () => {
  it('reads address, headers and output', () => {
    expect(
      parseDoctorArguments([
        'https://viewer.example/ohif/',
        '--json',
        '--header',
        'Authorization: Bearer a:b',
      ]),
    ).toEqual({
      url: new URL('https://viewer.example/ohif/'),
      headers: { Authorization: 'Bearer a:b' },
      json: true,
    });
  });

  it.each([
    [[], /address of the viewer is missing/],
    [['--json'], /address of the viewer is missing/],
    [['viewer.example'], /"viewer.example" is not an address/],
    [['file:///etc/passwd'], /is not an address/],
    [['http://a/', '--header', 'secret'], /--header must be "Name: value"/],
    [['http://a/', '--bogus'], /--bogus/],
  ])('refuses %p', (args, words) => {
    expect(() => parseDoctorArguments(args)).toThrow(words);
    expect(() => parseDoctorArguments(args)).toThrow(UsageError);
  });
});

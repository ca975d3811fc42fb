import { readAppConfig } from './appConfig';

describe('readAppConfig', () => {
  it('finds scripts and roots, also in quotes of another kind', () => {
    expect(
      readAppConfig(`window.config = {
        extensions: [], modes: ['/plugins/fewshot/mode.js'],
        dataSources: [{ configuration: { qidoRoot: "https://pacs/dicom-web", wadoRoot: \`/rs\` } },
                      { configuration: { 'qidoRoot': 'https://pacs/dicom-web' } }],
      };`),
    ).toEqual({
      scripts: ['/plugins/fewshot/mode.js'],
      qidoRoots: ['https://pacs/dicom-web'],
      wadoRoots: ['/rs'],
    });
  });

  it('does not take a comment for a setting, nor an address for a comment', () => {
    const { scripts, qidoRoots } = readAppConfig(`
      // modes: ['/plugins/fewshot/mode.js'],
      /* qidoRoot: '/commented' */
      qidoRoot: 'https://pacs/rs', // the archive
    `);
    expect(scripts).toEqual([]);
    expect(qidoRoots).toEqual(['https://pacs/rs']);
  });
});

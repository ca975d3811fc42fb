/**
 * Configuration of an OHIF viewer with Few-shot SAM. The viewer needs one line for it: `modes`.
 * Copy dist/plugins/fewshot and public/models (as `models` inside it) to /plugins/fewshot/ of the
 * web server that serves the viewer, and keep your own data source.
 */
window.config = {
  routerBasename: null,

  // The plug-in. The mode brings its extension along.
  modes: ['/plugins/fewshot/mode.js'],

  extensions: [],
  showStudyList: true,
  maxNumberOfWebWorkers: 3,
  showWarningMessageForCrossOrigin: true,
  showCPUFallbackMessage: true,
  showLoadingIndicator: true,
  strictZSpacingForVolumeViewport: true,
  defaultDataSourceName: 'archive',
  dataSources: [
    {
      namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
      sourceName: 'archive',
      configuration: {
        friendlyName: 'DICOMweb archive',
        name: 'archive',
        // Same origin as the viewer: an archive elsewhere goes behind a proxy (nginx.conf).
        qidoRoot: '/dicomweb',
        wadoRoot: '/dicomweb',
        wadoUriRoot: '/dicomweb',
        qidoSupportsIncludeField: true,
        imageRendering: 'wadors',
        thumbnailRendering: 'wadors',
        enableStudyLazyLoad: true,
        supportsFuzzyMatching: false,
        supportsWildcard: true,
        supportsReject: false,
        dicomUploadEnabled: true,
        omitQuotationForMultipartRequest: true,
        bulkDataURI: { enabled: true },
        // Archives and other readers know bit-mapped segmentations without compression best.
        segmentation: {
          store: { defaultMode: 'bitmap', transferSyntaxUID: '1.2.840.10008.1.2.1' },
        },
      },
    },
  ],
};

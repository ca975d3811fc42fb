import type { DataSource, ExtensionManager } from '../host/ohif';

/** Optional functions of OHIF's data sources beyond those in `host/ohif`. Custom sources may lack any. */
export interface ArchiveSource extends DataSource {
  getConfig?(): { name?: string; qidoRoot?: string } | undefined;
  deleteStudyMetadataPromise?(key: string): void;
  query?: { series?: { search?(studyInstanceUID: string): Promise<unknown> } };
}

interface DataSourceDefinition {
  namespace?: string;
}

/** These have a `store.dicom` that warns or navigates away instead of storing. */
const STORES_NOTHING = /\.(dicomlocal|dicomjson)$/;

/** The active data source if it can store; else null. */
export function storingDataSource(extensionManager: ExtensionManager): ArchiveSource | null {
  const { getActiveDataSourceDefinition } = extensionManager as ExtensionManager & {
    getActiveDataSourceDefinition?(): DataSourceDefinition | undefined;
  };
  const namespace = getActiveDataSourceDefinition?.call(extensionManager)?.namespace ?? '';
  const [dataSource] = extensionManager.getActiveDataSource();
  const stores = typeof dataSource?.store?.dicom === 'function' && !STORES_NOTHING.test(namespace);
  return stores ? dataSource : null;
}

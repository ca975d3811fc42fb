import type { DataSource, ExtensionManager } from '../host/ohif';

/** What OHIF's data sources offer beyond what `host/ohif` names. Custom ones may lack any of it. */
export interface ArchiveSource extends DataSource {
  getConfig?(): { name?: string; qidoRoot?: string } | undefined;
  deleteStudyMetadataPromise?(key: string): void;
  query?: { series?: { search?(studyInstanceUID: string): Promise<unknown> } };
}

interface DataSourceDefinition {
  namespace?: string;
}

/** These have a `store.dicom`, but it warns or leaves the page instead of storing. */
const STORES_NOTHING = /\.(dicomlocal|dicomjson)$/;

/** The active data source, if it can store. */
export function storingDataSource(extensionManager: ExtensionManager): ArchiveSource | null {
  const { getActiveDataSourceDefinition } = extensionManager as ExtensionManager & {
    getActiveDataSourceDefinition?(): DataSourceDefinition | undefined;
  };
  const namespace = getActiveDataSourceDefinition?.call(extensionManager)?.namespace ?? '';
  const [dataSource] = extensionManager.getActiveDataSource();
  const stores = typeof dataSource?.store?.dicom === 'function' && !STORES_NOTHING.test(namespace);
  return stores ? dataSource : null;
}

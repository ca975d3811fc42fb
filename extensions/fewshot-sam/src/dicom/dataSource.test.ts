import type { DataSource, ExtensionManager } from '../host/ohif';
import { storingDataSource } from './dataSource';

const store = { dicom: async () => undefined };

const manager = (dataSource: DataSource, namespace?: string): ExtensionManager =>
  ({
    getModuleEntry: () => undefined,
    getActiveDataSource: () => [dataSource],
    ...(namespace ? { getActiveDataSourceDefinition: () => ({ namespace }) } : {}),
  }) as ExtensionManager;

const DEFAULT = '@ohif/extension-default.dataSourcesModule';

it('finds a data source that stores', () => {
  const dataSource = { store };
  expect(storingDataSource(manager(dataSource, `${DEFAULT}.dicomweb`))).toBe(dataSource);
  expect(storingDataSource(manager(dataSource, '@hospital/own.dataSourcesModule.vault'))).toBe(
    dataSource,
  );
  expect(storingDataSource(manager(dataSource))).toBe(dataSource);
});

it.each(['dicomlocal', 'dicomjson'])('knows that %s only seems to store', name => {
  expect(storingDataSource(manager({ store }, `${DEFAULT}.${name}`))).toBeNull();
});

it('finds none where there is nothing to store with', () => {
  expect(storingDataSource(manager({}))).toBeNull();
});

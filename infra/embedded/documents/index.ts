export { DocumentStoreError, startDocumentStore, type DocumentStore, type DocumentStoreOptions } from './store.js';

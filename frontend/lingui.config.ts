import { defineConfig } from '@lingui/cli'

/** `scripts/catalogs.mjs` writes into another folder, to compare. */
const folder = process.env.TENURE_LOCALES ?? '<rootDir>/locales'

export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'de'],
  // A catalog per feature, so that changes of two features seldom meet in one file.
  catalogs: [
    { path: `${folder}/{locale}/{name}`, include: ['<rootDir>/src/features/{name}/'] },
    {
      path: `${folder}/{locale}/page`,
      include: ['app', 'lib', 'routes', 'ui'].map((layer) => `<rootDir>/src/${layer}/`),
    },
  ],
  format: 'po',
  formatOptions: { origins: false, lineNumbers: false },
  orderBy: 'message',
})

import type { CodegenConfig } from '@graphql-codegen/cli'

/**
 * Types the operations (`*.graphql`) by the committed snapshot of the schema.
 *
 * All types are in one module, which costs nothing at run time. The documents are in a module
 * beside each `*.graphql` file, so that those of a lazy screen are loaded with that screen.
 */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  // The tabs of GraphiQL are texts with placeholders for ids.
  documents: ['src/**/*.graphql', '!src/graphiql/tasks/**'],
  generates: {
    'src/gql/graphql.ts': {
      plugins: ['typescript-operations'],
      config: {
        enumType: 'string-literal',
        strictScalars: true,
        useTypeImports: true,
        scalars: { Date: 'string', DateTime: 'string', Decimal: 'string', JSON: 'unknown' },
      },
    },
    'src/': {
      preset: 'near-operation-file',
      presetConfig: { baseTypesPath: 'gql/graphql.ts', extension: '.generated.ts' },
      plugins: ['typed-document-node'],
      config: {
        documentMode: 'documentNodeImportFragments',
        importOperationTypesFrom: 'Types',
        optimizeDocumentNode: true,
        useTypeImports: true,
      },
    },
  },
}

export default config

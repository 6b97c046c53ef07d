/// <reference types="vitest/config" />
import { resolve } from 'node:path'
import { lingui } from '@lingui/vite-plugin'
import { tanstackRouter } from '@tanstack/router-plugin/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { linguiMacros } from './macros.ts'

const framework =
  /node_modules\/(react|react-dom|scheduler|@tanstack\/(react-)?(router|router-core|store|history)|@?urql|wonka|@0no-co|@lingui|use-sync-external-store)\//

/** A pattern of modules of the sources, and of components of Mantine. */
function modules(names: string[], components: string[] = []): RegExp {
  const own = `src/(${names.join('|')})\\.tsx?$`
  const theirs = `@mantine/core/esm/components/(${components.join('|')})/`
  return new RegExp(components.length > 0 ? `${own}|${theirs}` : own)
}

const mantine = /@mantine\/(core\/esm\/core|hooks)\//
const start = modules(['routeTree.gen', 'router', 'lib/(client|loadFailure)'])
const shell = modules([
  'app/dialogs',
  'features/(shell/Shell|session/Session|settings/ClockBanner)',
  'features/\\w+/links',
])
const lists = modules(
  ['ui/(AccountLink|Amount|Badges|ListTable|ListTools|PageHeader|Panel|When|listFilters)'],
  ['Breadcrumbs', 'DataList'],
)
const actions = modules(['ui/(MenuButton|Problems|RowMenu)', 'lib/(useAction|notify)'])
const overlays = modules(['ui/OpenedMenu'], ['Menu', 'Modal', 'Popover'])
const forms = modules(['ui/FormDialog'], ['Textarea'])
const account = modules(['features/(accounts/AccountPage|overview/OverviewTab)'])

/** Where `npm run dev` finds a running `tenure serve`. */
const backend = process.env.TENURE_DEV_BACKEND ?? 'http://127.0.0.1:8000'

/** Lets the browser load the page while `main.tsx` sets its language. */
function preloadStart(): Plugin {
  return {
    name: 'preload-start',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle, filename }) {
        if (!bundle || !filename.endsWith('index.html')) return []
        const start = Object.values(bundle).find(
          (file) => file.type === 'chunk' && file.facadeModuleId?.endsWith('/src/app/start.tsx'),
        )
        if (start?.type !== 'chunk') throw new Error('No chunk of src/app/start.tsx')
        return [start.fileName, ...start.imports].map((file) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` },
        }))
      },
    },
  }
}

export default defineConfig({
  plugins: [
    tanstackRouter({
      target: 'react',
      autoCodeSplitting: true,
      quoteStyle: 'single',
      semicolons: false,
    }),
    linguiMacros(),
    lingui(),
    react(),
    preloadStart(),
  ],
  resolve: { tsconfigPaths: true },
  build: {
    manifest: true,
    target: 'es2022',
    // Monaco, which only the GraphiQL page loads, is far above the usual limit.
    chunkSizeWarningLimit: 5000,
    // The lists of all scripts of every lazy part would be a tenth of the first load. A part finds
    // its scripts itself, and links load them when the pointer is over them.
    modulePreload: {
      resolveDependencies: (_part, files) => files.filter((file) => file.endsWith('.css')),
    },
    rollupOptions: {
      input: { app: resolve('index.html'), graphiql: resolve('graphiql.html') },
      output: {
        // Each group takes what it imports and no group above it has.
        codeSplitting: {
          groups: [
            { name: 'framework', test: framework, priority: 9 },
            // Loaded before the texts of the other files are evaluated: see `main.tsx`.
            {
              name: 'language',
              test: /lib\/(language|money|serverTexts)\.ts|vite\/preload-helper/,
              priority: 8,
            },
            { name: 'mantine', test: mantine, priority: 8 },
            { name: 'routes', test: start, priority: 7 },
            { name: 'shell', test: shell, priority: 6 },
            // Parts that would be loaded in several steps otherwise.
            { name: 'floating', test: /node_modules\/@floating-ui\//, priority: 5 },
            { name: 'lists', test: lists, priority: 4 },
            { name: 'actions', test: actions, priority: 4 },
            { name: 'overlays', test: overlays, priority: 3 },
            { name: 'form', test: /@mantine\/form\//, priority: 2 },
            { name: 'forms', test: forms, priority: 2 },
            { name: 'account', test: account, priority: 1 },
          ],
        },
      },
      // GraphiQL's parts carry "use no memo" for the React compiler, which is not used here.
      onLog(level, log, tell) {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') tell(level, log)
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/graphql': { target: backend, ws: true },
      '/auth': backend,
      '^/bills/[^/]+\\.pdf$': backend,
      '^/exports/[^/]+\\.csv$': backend,
    },
  },
  test: {
    include: ['tests/**/*.test.{ts,tsx}'],
    setupFiles: ['tests/setup.ts'],
  },
})

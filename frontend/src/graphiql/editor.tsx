/** The editor: tabs with common tasks, documentation, an explorer of the schema, and history. */
import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import '@graphiql/plugin-explorer/style.css'
import { explorerPlugin } from '@graphiql/plugin-explorer'
import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql'
import { createRoot } from 'react-dom/client'
import type { ValuesQuery } from '@/gql/graphql'
import { tasks } from './tasks'

const { protocol, host } = window.location

const fetcher = createGraphiQLFetcher({
  url: '/graphql',
  subscriptionUrl: `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/graphql`,
  fetch: (input, init) => fetch(input, { ...init, credentials: 'same-origin' }),
})

export function show(values: ValuesQuery | undefined): void {
  const root = document.getElementById('graphiql')
  if (!root) return
  createRoot(root).render(
    <GraphiQL
      fetcher={fetcher}
      plugins={[HISTORY_PLUGIN, explorerPlugin()]}
      defaultTabs={values && tasks(values).map((query) => ({ query }))}
      defaultEditorToolsVisibility="headers"
    />,
  )
}

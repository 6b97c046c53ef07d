/** GraphiQL: authenticates with the session cookie, or a Bearer token in the headers editor. */
import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import './page.css'
import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { GraphiQL } from 'graphiql'
import { createRoot } from 'react-dom/client'

const example = `# Tenure's GraphQL API.
# Ctrl+Enter runs the query, Ctrl+Space completes it.
#
# Whoever is signed in on the page is signed in here.
# To ask as a partner system, put its token into
# "Headers" below: { "Authorization": "Bearer TOKEN" }

query Accounts {
  accounts(first: 5, filter: { status: [ACTIVE, INACTIVE] }) {
    totalCount
    nodes {
      number
      name
      status
      holds {
        effect
        cause
      }
      services(first: 5) {
        nodes {
          kind
          login
          status
        }
      }
    }
  }
}
`

const fetcher = createGraphiQLFetcher({
  url: '/graphql',
  fetch: (input, init) => fetch(input, { ...init, credentials: 'same-origin' }),
})

const root = document.getElementById('graphiql')
if (root) {
  createRoot(root).render(
    <GraphiQL fetcher={fetcher} defaultQuery={example} defaultEditorToolsVisibility="headers" />,
  )
}

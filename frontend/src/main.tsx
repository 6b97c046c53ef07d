import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import './app/page.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Provider as GraphQLProvider } from 'urql'
import { setLibraryNonce, styleNonce } from './app/nonce'
import { contrastFixes, theme } from './app/theme'
import { makeClient } from './lib/client'
import { markLoadFailures } from './lib/loadFailure'
import { refreshOnReturn } from './lib/refresh'
import { goToSignIn, router } from './router'

setLibraryNonce()

const client = makeClient(goToSignIn)
refreshOnReturn()
markLoadFailures()
const root = document.getElementById('root')

if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={contrastFixes}
        defaultColorScheme="auto"
        getStyleNonce={styleNonce}
      >
        <Notifications position="bottom-right" limit={4} />
        <GraphQLProvider value={client}>
          <RouterProvider router={router} />
        </GraphQLProvider>
      </MantineProvider>
    </StrictMode>,
  )
}

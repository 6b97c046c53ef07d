/** Renders the page. Loaded after its language: see `main.tsx`. */
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { MantineProvider } from '@mantine/core'
import { RouterProvider } from '@tanstack/react-router'
import { lazy, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Provider as GraphQLProvider } from 'urql'
import { markLoadFailures } from '@/lib/loadFailure'
import { refreshOnReturn } from '@/lib/refresh'
import { WhenIdle } from '@/ui/WhenIdle'
import { client, router } from '../router'
import { setLibraryNonce, styleNonce } from './nonce'
import { contrastFixes, theme } from './theme'

const Notifications = lazy(() => import('./Notifications'))

export function start(root: HTMLElement): void {
  setLibraryNonce()
  refreshOnReturn()
  markLoadFailures()
  createRoot(root).render(
    <StrictMode>
      <I18nProvider i18n={i18n}>
        <MantineProvider
          theme={theme}
          cssVariablesResolver={contrastFixes}
          defaultColorScheme="auto"
          getStyleNonce={styleNonce}
        >
          <WhenIdle>
            <Notifications />
          </WhenIdle>
          <GraphQLProvider value={client}>
            <RouterProvider router={router} />
          </GraphQLProvider>
        </MantineProvider>
      </I18nProvider>
    </StrictMode>,
  )
}

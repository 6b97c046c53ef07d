/** GraphiQL for whoever is signed in. The editor is loaded once that is known. */
import './page.css'
import { t } from '@lingui/core/macro'
import type { ValuesQuery } from '@/gql/graphql'
import { wantedLanguage } from '@/lib/language'
import { loadLanguage } from '../app/catalogs'
import values from './values.graphql?raw'

async function open() {
  const response = await fetch('/graphql', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: values }),
  })
  const answer: { data?: ValuesQuery; errors?: { extensions?: { code?: string } }[] } =
    await response.json()
  if (answer.errors?.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED')) {
    const { pathname, search } = window.location
    window.location.replace(`/sign-in?from=${encodeURIComponent(pathname + search)}`)
    return
  }
  const { show } = await import('./editor')
  show(answer.data)
}

function sayUnreachable() {
  const root = document.getElementById('graphiql')
  if (root) root.textContent = t`Can't reach Tenure. Reload this page to try again.`
}

await loadLanguage(wantedLanguage())
// The editor has English texts only.
document.documentElement.lang = 'en'
open().catch(sayUnreachable)

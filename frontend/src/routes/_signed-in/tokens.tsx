import { createFileRoute } from '@tanstack/react-router'
import { TokensPage } from '@/features/tokens/TokensPage'
import { pageSearch } from '@/lib/paging'

export const Route = createFileRoute('/_signed-in/tokens')({
  validateSearch: pageSearch,
  component: function Tokens() {
    return <TokensPage search={Route.useSearch()} />
  },
})

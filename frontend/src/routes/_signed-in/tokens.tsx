import { createFileRoute } from '@tanstack/react-router'
import { tokensSearch } from '@/features/tokens/search'
import { TokensPage } from '@/features/tokens/TokensPage'

export const Route = createFileRoute('/_signed-in/tokens')({
  validateSearch: tokensSearch,
  component: function Tokens() {
    return <TokensPage search={Route.useSearch()} />
  },
})

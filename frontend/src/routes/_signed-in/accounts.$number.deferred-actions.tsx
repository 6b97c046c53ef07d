import { createFileRoute } from '@tanstack/react-router'
import { DeferredTab } from '@/features/deferred/DeferredPages'
import { deferredSearch } from '@/features/deferred/search'

export const Route = createFileRoute('/_signed-in/accounts/$number/deferred-actions')({
  validateSearch: deferredSearch,
  component: function AccountDeferredActions() {
    return <DeferredTab number={Route.useParams().number} search={Route.useSearch()} />
  },
})

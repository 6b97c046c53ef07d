import { createFileRoute } from '@tanstack/react-router'
import { DeferredPage } from '@/features/deferred/DeferredPages'
import { deferredSearch } from '@/features/deferred/search'

export const Route = createFileRoute('/_signed-in/deferred-actions/')({
  validateSearch: deferredSearch,
  component: function DeferredActions() {
    return <DeferredPage search={Route.useSearch()} />
  },
})

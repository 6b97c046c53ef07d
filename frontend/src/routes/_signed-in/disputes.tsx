import { createFileRoute } from '@tanstack/react-router'
import { DisputesPage } from '@/features/disputes/DisputesPage'
import { disputesSearch } from '@/features/disputes/search'

export const Route = createFileRoute('/_signed-in/disputes')({
  validateSearch: disputesSearch,
  component: function Disputes() {
    return <DisputesPage search={Route.useSearch()} />
  },
})

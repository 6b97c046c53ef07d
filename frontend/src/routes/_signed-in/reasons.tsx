import { createFileRoute } from '@tanstack/react-router'
import { ReasonsPage } from '@/features/reasons/ReasonsPage'
import { reasonsSearch } from '@/features/reasons/search'

export const Route = createFileRoute('/_signed-in/reasons')({
  validateSearch: reasonsSearch,
  component: function Reasons() {
    return <ReasonsPage search={Route.useSearch()} />
  },
})

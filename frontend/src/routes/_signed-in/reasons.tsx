import { createFileRoute } from '@tanstack/react-router'
import { ReasonsPage } from '@/features/reasons/ReasonsPage'
import { pageSearch } from '@/lib/paging'

export const Route = createFileRoute('/_signed-in/reasons')({
  validateSearch: pageSearch,
  component: function Reasons() {
    return <ReasonsPage search={Route.useSearch()} />
  },
})

import { createFileRoute } from '@tanstack/react-router'
import { ImportsPage } from '@/features/imports/ImportsPage'
import { pageSearch } from '@/lib/paging'

export const Route = createFileRoute('/_signed-in/jobs/import/')({
  validateSearch: pageSearch,
  component: function Imports() {
    return <ImportsPage search={Route.useSearch()} />
  },
})

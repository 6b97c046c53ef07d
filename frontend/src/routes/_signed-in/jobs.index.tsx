import { createFileRoute } from '@tanstack/react-router'
import { JobsPage } from '@/features/jobs/JobsPage'
import { pageSearch } from '@/lib/paging'

export const Route = createFileRoute('/_signed-in/jobs/')({
  validateSearch: pageSearch,
  component: function Jobs() {
    return <JobsPage search={Route.useSearch()} />
  },
})

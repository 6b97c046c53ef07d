import { createFileRoute } from '@tanstack/react-router'
import { jobsSearch } from '@/features/jobs/historySearch'
import { JobsPage } from '@/features/jobs/JobsPage'

export const Route = createFileRoute('/_signed-in/jobs/')({
  validateSearch: jobsSearch,
  component: function Jobs() {
    return <JobsPage search={Route.useSearch()} />
  },
})

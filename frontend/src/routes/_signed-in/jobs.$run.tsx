import { createFileRoute } from '@tanstack/react-router'
import { JobRunPage } from '@/features/jobs/JobRunPage'
import { pageSearch } from '@/lib/paging'

export const Route = createFileRoute('/_signed-in/jobs/$run')({
  validateSearch: pageSearch,
  component: function JobRun() {
    return <JobRunPage id={Route.useParams().run} search={Route.useSearch()} />
  },
})

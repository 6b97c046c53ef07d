import { createFileRoute } from '@tanstack/react-router'
import { JobRunPage } from '@/features/jobs/JobRunPage'
import { jobRunSearch } from '@/features/jobs/search'

export const Route = createFileRoute('/_signed-in/jobs/$run')({
  validateSearch: jobRunSearch,
  component: function JobRun() {
    return <JobRunPage id={Route.useParams().run} search={Route.useSearch()} />
  },
})
